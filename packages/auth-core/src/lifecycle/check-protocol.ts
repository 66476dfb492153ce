import * as v from 'valibot';

import { isSecureOrigin } from '../secure-origin.ts';
import type { VendorProtocol } from '../token-provider.ts';
import { parseOptions } from '../validation.ts';
import type { ProviderSettings } from './provider-options.ts';

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

/**
 * Checks what cannot be left to the types: the protocol's fields.
 *
 * @throws AuthError `CONFIG`
 */
export function checkProtocol(protocol: VendorProtocol, settings: ProviderSettings): void {
  parseOptions(protocolSchema(settings.allowInsecure), protocol, typeof protocol.name === 'string' ? protocol.name : 'provider');
}
