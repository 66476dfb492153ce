import * as v from 'valibot';

import { isSecureOrigin } from '../base-url.ts';
import type { TokenProvider, VendorProtocol } from '../token-provider.ts';
import { parseOptions } from '../validation.ts';
import { cacheTokens } from './cached-token-provider.ts';
import { resolveOptions, type TokenProviderOptions } from './options.ts';

/**
 * Makes a provider of a vendor's protocol: one login for all who ask at once; the token kept, shared through the store, refreshed ahead of its end and
 * replaced when the vendor rejects it.
 *
 * @throws AuthError `CONFIG` where the protocol or an option is wrong.
 */
export function createTokenProvider(protocol: VendorProtocol, options: TokenProviderOptions = {}): TokenProvider {
  const settings = resolveOptions(options, protocol.name);
  // What cannot be left to the types.
  parseOptions(protocolSchema(settings.allowInsecure), protocol, typeof protocol.name === 'string' ? protocol.name : 'provider');
  return cacheTokens(protocol, settings);
}

const method = v.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');

function protocolSchema(allowInsecure: boolean): v.GenericSchema {
  const origin = v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && new URL(text).origin === text, 'expected an origin, like https://api.example.com'),
    v.check(
      (text) => allowInsecure || !URL.canParse(text) || isSecureOrigin(new URL(text)),
      'plain http is refused except on loopback (allowInsecure permits it)',
    ),
  );
  return v.object({
    name: v.pipe(v.string(), v.nonEmpty('expected a name')),
    origins: v.pipe(v.array(origin), v.nonEmpty('expected at least one origin: the token may go nowhere else')),
    identity: v.union([v.string(), v.array(v.string())]),
    secret: v.optional(method),
    login: method,
    isRejection: method,
  });
}
