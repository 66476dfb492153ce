export { type AccessToken, type AccessTokenInit, formatAuthorization } from './access-token.ts';
export { AuthError, type AuthErrorCode, isAuthError } from './auth-error.ts';
export type { Lease, TokenStore } from './stores/token-store.ts';
export type {
  GetTokenOptions,
  LoginContext,
  ResponseProbe,
  TokenProvider,
  VendorProtocol,
} from './token-provider.ts';
