export { type AccessToken, type AccessTokenInit, formatAuthorization } from './access-token.ts';
export { AuthError, type AuthErrorCode, type AuthErrorInit, isAuthError } from './auth-error.ts';
export { type ChannelMessage, type ChannelMessages, channels, type FailureMessage, type LoginCause } from './events.ts';
export type { Clock } from './lifecycle/clock.ts';
export type { TokenProviderOptions } from './lifecycle/options.ts';
export {
  createTokenProviderPool,
  type TokenProviderPool,
  type TokenProviderPoolOptions,
  type WarmOptions,
  type WarmProgress,
  type WarmResult,
} from './token-provider-pool.ts';
export { type AuthFetchOptions, createAuthFetch } from './requests/auth-fetch.ts';
export { authInterceptor, type AuthInterceptorOptions } from './requests/auth-interceptor.ts';
export type { OnUnreplayable } from './requests/options.ts';
export { encryptedStore } from './stores/encrypted-store.ts';
export { memoryStore } from './stores/memory-store.ts';
export type { Lease, TokenStore } from './stores/token-store.ts';
export type { GetTokenOptions, LoginContext, ResponseProbe, TokenProvider, TokenStatus, VendorProtocol } from './token-provider.ts';
