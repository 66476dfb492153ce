export {
  type AccessToken,
  AuthError,
  type AuthErrorCode,
  type AuthFetchOptions,
  authInterceptor,
  type AuthInterceptorOptions,
  type ChannelMessages,
  channels,
  type Clock,
  createAuthFetch,
  createTokenProviderPool,
  encryptedStore,
  formatAuthorization,
  type GetTokenOptions,
  isAuthError,
  type Lease,
  memoryStore,
  type ResponseProbe,
  type TokenProvider,
  type TokenProviderOptions,
  type TokenProviderPool,
  type TokenStore,
} from '@x/auth-core';

export { createDatacomsysTokenProvider } from './create-datacomsys-token-provider.ts';
export { type DatacomsysOptions, datacomsysOptionsFromEnv } from './options.ts';
