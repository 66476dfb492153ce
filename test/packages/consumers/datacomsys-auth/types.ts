import {
  type AccessToken,
  authInterceptor,
  createDatacomsysTokenProvider,
  createAuthFetch,
  createTokenProviderPool,
  formatAuthorization,
  isAuthError,
  type TokenProvider,
} from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { Agent, type Dispatcher } from 'undici';

export async function use(): Promise<string> {
  const sandbox = await startDatacomsysSandbox();
  const [account] = sandbox.accounts;
  const provider: TokenProvider = createDatacomsysTokenProvider({
    codePort: account.codePort,
    idERP: account.idERP,
    password: account.password,
    baseUrl: sandbox.url,
  });
  const dispatcher: Dispatcher = new Agent().compose(authInterceptor(provider));
  const authFetch: typeof fetch = createAuthFetch(provider, { baseUrl: sandbox.url });
  const pool = createTokenProviderPool(() => provider, { max: 10 });
  try {
    const token: AccessToken = await pool.get('one').getToken({ signal: AbortSignal.timeout(1000) });
    await authFetch('/account');
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
export const incomplete: TokenProvider = createDatacomsysTokenProvider({ codePort: 'MTP', idERP: 15, baseUrl: 'https://example.org' });
