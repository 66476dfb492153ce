import { AuthError } from '../auth-error.ts';

/**
 * Reads environment variables. An empty one counts as not set.
 *
 * @throws AuthError `CONFIG` that names every required variable that is not set.
 */
export function readEnv<Required extends string, Optional extends string>(
  env: Readonly<Record<string, string | undefined>>,
  provider: string,
  required: readonly Required[],
  optional: readonly Optional[],
): Record<Required, string> & Partial<Record<Optional, string>> {
  const present = [...required, ...optional].filter((name) => (env[name] ?? '') !== '');
  const missing = required.filter((name) => !present.includes(name));
  if (missing.length === 0) {
    // The keys are exactly the names that were found, and every required one is among them.
    return Object.fromEntries(present.map((name) => [name, env[name]])) as Record<Required, string> & Partial<Record<Optional, string>>;
  }
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: these environment variables are not set: ${missing.join(', ')}` });
}
