import { AuthError } from '../auth-error.ts';
import { findMisspelt } from '../misspelt.ts';

/**
 * Reads environment variables. An empty one counts as not set.
 *
 * @throws AuthError `CONFIG` that names every required variable that is not set, and every one that is there under a misspelt name.
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
    // The keys are exactly the names that were found, and every required one is among them.
    return Object.fromEntries(present.map((name) => [name, env[name]])) as Record<Required, string> & Partial<Record<Optional, string>>;
  }
  const problems = misspelt.map(([given, meant]) => `${given} is not known, did you mean ${meant}?`);
  if (missing.length > 0) problems.push(`these environment variables are not set: ${missing.join(', ')}`);
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: ${problems.join('; ')}` });
}
