import type { TokenProvider, TokenProviderOptions, TokenStore } from '@x/auth-core';
import type { ShellVariable } from '@x/auth-core/provider';

import type { CommandContext } from './command.ts';
import { openDispatcher } from './dispatcher.ts';
import { openStore } from './store.ts';
import type { Environment } from './surroundings.ts';

/** What is needed to open a provider. */
export type ProviderContext = Omit<CommandContext, 'openProvider'>;

/**
 * Makes a provider of the account in the environment; see `CommandContext.openProvider`.
 *
 * @throws AuthError `CONFIG` if a variable is missing or wrong.
 */
export async function openProvider(context: ProviderContext, options: TokenProviderOptions = {}): Promise<TokenProvider> {
  const env = await completeEnvironment(context);
  const store = 'store' in options ? {} : storeOption(await openStore(context));
  const dispatcher = 'dispatcher' in options ? {} : { dispatcher: openDispatcher(context) };
  return context.vendor.createProvider(env, { ...store, ...dispatcher, ...options });
}

function storeOption(store: TokenStore | undefined): TokenProviderOptions {
  return store === undefined ? {} : { store };
}

/** The environment, with what a person at the terminal was asked for. */
export async function completeEnvironment({ vendor, env, ask, json }: ProviderContext): Promise<Environment> {
  if (ask === undefined || json) return env;
  const answers: Record<string, string> = {};
  for (const variable of vendor.variables.filter((one) => isMissing(one, env))) {
    answers[variable.name] = await ask(`${vendor.title} ${variable.name}: `, { isSecret: variable.isSecret === true });
  }
  return { ...env, ...answers };
}

function isMissing({ name, isOptional }: ShellVariable, env: Environment): boolean {
  return isOptional !== true && (env[name] ?? '') === '';
}
