import type { Dispatcher } from 'undici';
import { Agent, request } from 'undici7';
import { createOidcInterceptor, type OidcOptions } from 'undici-oidc-interceptor';

import * as names from './names.ts';
import type { Peer, Vendor } from './peer.ts';

function optionsFor(url: string, { tokenUrl, first }: Pick<Vendor, 'tokenUrl' | 'first'>): OidcOptions {
  return {
    idpTokenUrl: tokenUrl,
    clientId: 'bench',
    clientSecret: 'bench',
    urls: [new URL(url).origin],
    retryOnStatusCodes: [401],
    ...(first === undefined ? {} : { accessToken: first.value }),
  };
}

/** A dispatcher of undici 8 with the library's interceptor for one origin. A repeated request needs undici 7, which the library depends on. */
export function withOidc(dispatcher: Dispatcher, url: string, vendor: Pick<Vendor, 'tokenUrl' | 'first'>): Dispatcher {
  // The types of undici 7 and 8 differ in methods of the handler that an interceptor does not call.
  const interceptor = createOidcInterceptor(optionsFor(url, vendor)) as unknown as Dispatcher.DispatcherComposeInterceptor;
  return dispatcher.compose(interceptor);
}

/** It knows no login but OAuth's, and a token that is a JWT. */
export const undiciOidc: Peer = {
  name: names.undiciOidc,
  open(vendor) {
    const dispatcher = new Agent().compose(createOidcInterceptor(optionsFor(vendor.url, vendor)));
    return {
      async call(url) {
        const { statusCode, body } = await request(url, { dispatcher });
        await body.dump();
        return statusCode;
      },
    };
  },
};
