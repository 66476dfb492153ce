import type { TokenProvider, VendorProtocol } from '../token-provider.ts';
import { cacheTokens } from './cached-token-provider.ts';
import { checkProtocol } from './check-protocol.ts';
import { resolveOptions, type TokenProviderOptions } from './provider-options.ts';

/**
 * Makes a provider of a vendor's protocol: one login per need, whoever asks and however many; the token kept, shared through the store,
 * refreshed ahead of its end and replaced when the vendor refuses it.
 *
 * @throws AuthError `CONFIG` where the protocol or an option is wrong.
 */
export function createTokenProvider(protocol: VendorProtocol, options: TokenProviderOptions = {}): TokenProvider {
  const settings = resolveOptions(options, protocol.name);
  checkProtocol(protocol, settings);
  return cacheTokens(protocol, settings);
}
