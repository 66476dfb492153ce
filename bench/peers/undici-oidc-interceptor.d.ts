/** What is used of a library that has no types of its own. */
declare module 'undici-oidc-interceptor' {
  import type { Dispatcher } from 'undici7';

  export interface OidcOptions {
    readonly idpTokenUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly urls: readonly string[];
    readonly retryOnStatusCodes: readonly number[];
    readonly accessToken?: string;
  }

  export function createOidcInterceptor(options: OidcOptions): Dispatcher.DispatcherComposeInterceptor;
}
