import * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import { findMisspelt, type Misspelling } from '../validation.ts';

/**
 * The URL of an endpoint below a base URL, whose path prefix is kept. Each segment is percent-encoded, so that it stays one path segment.
 *
 * @throws RangeError if a segment is `.` or `..`, which a URL cannot hold as a segment; URIError if it has a lone surrogate. Let the schema of the
 * options exclude both.
 */
export function endpointUrl(baseUrl: string, segments: readonly string[]): URL {
  if (segments.some((segment) => segment === '.' || segment === '..'))
    throw new RangeError('"." and ".." cannot be path segments: check them before');
  const url = new URL(baseUrl);
  const prefix = url.pathname.replace(/\/+$/, '');
  url.pathname = [prefix, ...segments.map((segment) => encodeURIComponent(segment))].join('/');
  return url;
}

/** A password, or a function that is called before each login and returns it. */
export type PasswordOption = string | (() => string | Promise<string>);

/** The valibot schema of a `password` option. */
export const passwordSchema: v.GenericSchema<PasswordOption> = v.union(
  [
    v.pipe(
      v.string(),
      v.nonEmpty('is empty'),
      v.check((text) => !/[\r\n]$/.test(text), 'ends in a line break (was it read from a file? trim it)'),
    ),
    v.custom<() => string | Promise<string>>((value) => typeof value === 'function'),
  ],
  'expected a string that is not empty, or a function that returns one',
);

/** The `secret` function of a `VendorProtocol`, for either form of the option. */
export function askPassword(password: PasswordOption): () => string | Promise<string> {
  return typeof password === 'string' ? () => password : password;
}

/**
 * Reads environment variables. An empty one counts as not set.
 *
 * @throws AuthError `CONFIG` that names every required variable that is not set and every misspelt name. Beside a `…_BASE_URL` that is `…_URL`, `…_HOST`
 * and `…_ENDPOINT`, too: if they were ignored, the password would go elsewhere.
 */
export function readEnv<Required extends string, Optional extends string>(
  env: Readonly<Record<string, string | undefined>>,
  provider: string,
  required: readonly Required[],
  optional: readonly Optional[],
): Record<Required, string> & Partial<Record<Optional, string>> {
  const present = [...required, ...optional].filter((name) => (env[name] ?? '') !== '');
  const missing = required.filter((name) => !present.includes(name));
  const misspelt = [...findMisspelt(env, [...required, ...optional]), ...findOtherAddresses(env, [...required, ...optional])];
  if (missing.length === 0 && misspelt.length === 0) {
    // Object.fromEntries loses the names: the keys are those in `present`, and every required one is among them.
    return Object.fromEntries(present.map((name) => [name, env[name]])) as Record<Required, string> & Partial<Record<Optional, string>>;
  }
  const problems = misspelt.map(([given, meant]) => `${given} is not known, did you mean ${meant}?`);
  if (missing.length > 0) problems.push(`these environment variables are not set: ${missing.join(', ')}`);
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: ${problems.join('; ')}` });
}

/** Variables that name an address by another word than `…_BASE_URL`; also where that one is set, too: which was meant cannot be told. */
function findOtherAddresses(env: Readonly<Record<string, string | undefined>>, known: readonly string[]): Misspelling[] {
  const meant = new Map(
    known
      .filter((name) => name.endsWith('_BASE_URL'))
      .flatMap((name) => ['URL', 'HOST', 'ENDPOINT'].map((word) => [name.replace(/BASE_URL$/, word), name] as const)),
  );
  return Object.keys(env).flatMap((given): Misspelling[] => {
    const name = meant.get(given.toUpperCase());
    return name === undefined || known.includes(given) || (env[given] ?? '') === '' ? [] : [[given, name]];
  });
}
