import * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import { baseUrlSchema, isSecureOrigin, plainHttp } from '../base-url.ts';
import type { TokenProvider, VendorProtocol } from '../token-provider.ts';
import { check, describeIssues } from '../validation.ts';
import type { Destination } from './account.ts';
import { CachedTokenProvider } from './cached-token-provider.ts';
import { resolveOptions, type TokenProviderOptions } from './options.ts';

/**
 * Makes a provider of a vendor's protocol: one login for all who ask at once; the token kept, shared through the store, refreshed ahead of its end and
 * replaced when the vendor rejects it.
 *
 * @throws AuthError `CONFIG` where the protocol or an option is wrong.
 */
export function createTokenProvider(protocol: VendorProtocol, options: TokenProviderOptions = {}): TokenProvider {
  const settings = resolveOptions(options, protocol.name);
  return new CachedTokenProvider(protocol, checkProtocol(protocol, settings.allowInsecure), settings);
}

/** Checks what cannot be left to the types, and fills in the origins. */
function checkProtocol(protocol: VendorProtocol, allowInsecure: boolean): Destination {
  const result = check(protocolSchema(allowInsecure), protocol);
  if (result.success) {
    const { baseUrl, origins = [originOf(baseUrl)] } = result.output;
    return { baseUrl, origins: Object.freeze([...origins]) };
  }
  const provider = typeof protocol.name === 'string' && protocol.name !== '' ? protocol.name : 'provider';
  throw new AuthError({ code: 'CONFIG', provider, message: `${provider}: wrong protocol: ${describeIssues(result.issues)}` });
}

/** Of a base URL without a path the same text, which is then held once. */
function originOf(baseUrl: string): string {
  const { origin } = new URL(baseUrl);
  return origin === baseUrl ? baseUrl : origin;
}

const method = v.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');

function protocolSchema(allowInsecure: boolean) {
  const origin = v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && new URL(text).origin === text, 'expected an origin, like https://api.example.com'),
    v.check((text) => allowInsecure || !URL.canParse(text) || isSecureOrigin(new URL(text)), plainHttp),
  );
  const entries = {
    name: v.pipe(v.string(), v.nonEmpty('expected a name')),
    baseUrl: baseUrlSchema(allowInsecure),
    origins: v.optional(v.pipe(v.array(origin), v.nonEmpty('expected at least one origin'))),
    identity: v.union([v.string(), v.array(v.string())]),
    secret: v.optional(method),
    login: method,
    isRejection: method,
    requestHeaders: v.optional(method),
  };
  return v.pipe(
    v.object(entries),
    v.forward(
      v.partialCheck(
        [['baseUrl'], ['origins']],
        ({ baseUrl, origins }) => origins === undefined || origins.includes(new URL(baseUrl).origin),
        'expected to hold the origin of baseUrl',
      ),
      ['origins'],
    ),
  );
}
