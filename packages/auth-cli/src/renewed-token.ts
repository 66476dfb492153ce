import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type AccessToken, type ChannelMessages, channels, type TokenProvider } from '@x/auth-core';

import type { CommandContext } from './command.ts';

/** How long a command waits for a renewal, in milliseconds: longer than a login may take. */
const longestRenewal = 20_000;

/**
 * The token for a command that ends at once. A token in its refresh window is renewed behind its callers; here nobody would be left to see to that, and the
 * login would be cut off. So the command waits for it. If it fails, the old token is still good.
 */
export async function getRenewedToken(
  provider: TokenProvider,
  { signal, now }: Pick<CommandContext, 'signal' | 'now'>,
): Promise<AccessToken> {
  const token = await provider.getToken({ signal });
  const { refreshAt = Number.POSITIVE_INFINITY } = await provider.status();
  if (now() < refreshAt) return token;
  await renew(provider, AbortSignal.any([signal, AbortSignal.timeout(longestRenewal)]));
  return provider.peekToken() ?? token;
}

/** Starts the renewal, and resolves when it has ended, well or badly. */
function renew(provider: TokenProvider, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      unsubscribe(channels.refresh, hear);
      resolve();
    };
    const hear = (message: unknown): void => {
      // What the core publishes on this channel.
      if ((message as ChannelMessages['refresh']).provider === provider.name) end();
    };
    subscribe(channels.refresh, hear);
    signal.addEventListener('abort', end, { once: true });
    provider.peekToken();
  });
}
