import type { Clock, TokenProvider, TokenProviderOptions, TokenStore } from '@x/auth-core';

import type { CommandContext, OwnOptions } from './command.ts';
import { openDispatcher } from './dispatcher.ts';
import { openStore } from './store.ts';

/** What is needed to open a provider. */
export type ProviderContext = Omit<CommandContext, 'openProvider'>;

/**
 * Makes a provider of the account in the environment; see `CommandContext.openProvider`.
 *
 * @throws AuthError `CONFIG` if a variable is missing or wrong.
 */
export async function openProvider(context: ProviderContext, options: OwnOptions = {}): Promise<TokenProvider> {
  const env = await context.accountEnv();
  const store = await openStore(context);
  const { dispatcher = openDispatcher({ ...context, env }) } = options;
  return context.vendor.createProvider(env, { ...options, clock: clockOf(context), ...storeOption(store), dispatcher });
}

/** The clock of a provider. */
export function clockOf({ now }: Pick<CommandContext, 'now'>): Clock {
  return { now, monotonic: () => performance.now() };
}

/** A shell would rather wait for a busy store than log in once more, or while the account is pausing. */
const storeTimeout = 10_000;

/** The options of a provider for a store; without one it keeps its token in memory. */
export function storeOption(store: TokenStore | undefined): TokenProviderOptions {
  return { store, storeTimeout };
}
