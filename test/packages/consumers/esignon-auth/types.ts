import {
  type AccessToken,
  authInterceptor,
  createEsignonTokenProvider,
  createAuthFetch,
  createTokenProviderPool,
  formatAuthorization,
  isAuthError,
  type TokenProvider,
} from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, type Dispatcher } from 'undici';

export async function use(): Promise<string> {
  const sandbox = await startEsignonSandbox();
  const [account] = sandbox.accounts;
  const provider: TokenProvider = createEsignonTokenProvider({
    companyId: account.companyId,
    email: account.email,
    password: account.password,
    baseUrl: sandbox.url,
  });
  const dispatcher: Dispatcher = new Agent().compose(authInterceptor(provider));
  const authFetch: typeof fetch = createAuthFetch(provider, { baseUrl: sandbox.url });
  const pool = createTokenProviderPool(() => provider, { max: 10 });
  try {
    const token: AccessToken = await pool.get('one').getToken({ signal: AbortSignal.timeout(1000) });
    await authFetch('/api/v2/company');
    await dispatcher.close();
    return formatAuthorization(token);
  } catch (error) {
    if (isAuthError(error)) return error.code satisfies string;
    throw error;
  } finally {
    await sandbox.close();
  }
}

// @ts-expect-error: the password is missing
export const incomplete: TokenProvider = createEsignonTokenProvider({ companyId: 'company', email: 'user@example.org' });
