import { type AuthError, type AuthErrorCode, isAuthError, type TokenProvider } from '@x/auth-core';

/** Asks for a token that must be denied with this code, and returns the error. */
export async function getRefused(provider: TokenProvider, code: AuthErrorCode): Promise<AuthError> {
  const error = await provider.getToken().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isAuthError(error) && error.code === code) return error;
  throw error ?? new Error(`a token came, where ${code} should have`);
}
