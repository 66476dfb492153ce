import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';

import { StubDispatcher } from './stub-dispatcher.ts';

/** Where no server is: what is sent there is answered by a stub. */
export const origin = 'https://vendor.example';

/** As long as a vendor's. */
export const tokenText = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A token that ends in 2099. */
export function esignonOverStub(options: TokenProviderOptions = {}): TokenProvider {
  const answer = { header: { result_code: '00' }, body: { access_token: tokenText, expire_date: '2099-01-01' } };
  const account = { companyId: 'company', email: 'user@example.com', password: 'password', baseUrl: origin };
  return createEsignonTokenProvider({ ...account, dispatcher: new StubDispatcher(origin, answer), ...options });
}

/** A token without an end. */
export function datacomsysOverStub(options: TokenProviderOptions = {}): TokenProvider {
  const dispatcher = new StubDispatcher(origin, { status: 200, msg: 'ok', data: { token: tokenText } });
  return createDatacomsysTokenProvider({ codePort: 'ABC', idERP: 1, password: 'password', baseUrl: origin, dispatcher, ...options });
}

/** A vendor that rejects a token by HTTP 401 and by nothing else. */
export function statusOnlyProvider(): TokenProvider {
  return createTokenProvider({
    name: 'status-only',
    baseUrl: origin,
    identity: 'user',
    secret: () => 'password',
    login: async () => ({ value: tokenText, scheme: 'Bearer', expiresAt: Date.now() + 86_400_000 }),
    isRejection: ({ status }) => status === 401,
  });
}
