import * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import { findMisspelt } from '../validation.ts';
import { isSecureOrigin } from '../base-url.ts';

/**
 * The valibot schema of a `baseUrl` option: an http(s) URL with or without a path prefix, without user name, password, query and fragment. Plain http
 * is allowed on loopback, elsewhere only with `allowInsecure`. The output is normalised and has no slash at the end, so that it can be part of an
 * account's identity.
 */
export function baseUrlSchema(allowInsecure: boolean): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.check((text) => isHttpUrl(text), 'expected an absolute URL, like https://api.example.com'),
    v.check((text) => !isHttpUrl(text) || isBare(new URL(text)), 'expected a URL without user name, password, query and fragment'),
    v.check(
      (text) => allowInsecure || !isHttpUrl(text) || isSecureOrigin(new URL(text)),
      'plain http is refused except on loopback: the password would travel in the clear (allowInsecure permits it)',
    ),
    v.transform((text) => (isHttpUrl(text) ? new URL(text).href.replace(/\/+$/, '') : text)),
  );
}

/**
 * The URL of an endpoint below a base URL, whose path prefix is kept. Each segment is percent-encoded, so that it stays one path segment.
 *
 * @throws RangeError if a segment is `.` or `..`, which a URL cannot hold as a segment; URIError if it has a lone surrogate. Let the schema of the
 * options exclude both.
 */
export function endpointUrl(baseUrl: string, segments: readonly string[]): URL {
  if (segments.some((segment) => segment === '.' || segment === '..')) throw new RangeError('"." and ".." cannot be path segments');
  const url = new URL(baseUrl);
  const prefix = url.pathname.replace(/\/+$/, '');
  url.pathname = [prefix, ...segments.map((segment) => encodeURIComponent(segment))].join('/');
  return url;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isBare(url: URL): boolean {
  return (
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !url.href.endsWith('?') && !url.href.endsWith('#')
  );
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
 * @throws AuthError `CONFIG` that names every required variable that is not set and every misspelt name.
 */
export function readEnv<Required extends string, Optional extends string>(
  env: Readonly<Record<string, string | undefined>>,
  provider: string,
  required: readonly Required[],
  optional: readonly Optional[],
): Record<Required, string> & Partial<Record<Optional, string>> {
  const present = [...required, ...optional].filter((name) => (env[name] ?? '') !== '');
  const missing = required.filter((name) => !present.includes(name));
  const misspelt = findMisspelt(env, [...required, ...optional]);
  if (missing.length === 0 && misspelt.length === 0) {
    // Object.fromEntries loses the names: the keys are those in `present`, and every required one is among them.
    return Object.fromEntries(present.map((name) => [name, env[name]])) as Record<Required, string> & Partial<Record<Optional, string>>;
  }
  const problems = misspelt.map(([given, meant]) => `${given} is not known, did you mean ${meant}?`);
  if (missing.length > 0) problems.push(`these environment variables are not set: ${missing.join(', ')}`);
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: ${problems.join('; ')}` });
}
