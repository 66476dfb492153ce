import type { ShellSupport, ShellVariable } from '@x/auth-core/provider';

import type { ShellContext } from './command.ts';
import type { Environment } from './surroundings.ts';

/** The environment of an account, with what a person at the terminal was asked for because it was missing. */
export async function completeEnvironment(vendor: ShellSupport, { env, ask, json }: ShellContext): Promise<Environment> {
  if (ask === undefined || json) return env;
  const answers: Record<string, string> = {};
  for (const { name, isSecret = false } of vendor.variables.filter((variable) => isMissing(variable, env))) {
    answers[name] = await ask(`${name}: `, { isSecret });
  }
  return { ...env, ...answers };
}

function isMissing({ name, isOptional }: ShellVariable, env: Environment): boolean {
  return isOptional !== true && (env[name] ?? '') === '';
}
