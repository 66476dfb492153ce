import { type AccessTokenInit, type LoginContext, type TokenProvider, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider, sendLoginRequest } from '@x/auth-core/provider';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { type EsignonFault, startEsignonSandbox } from '@x/esignon-auth/sandbox';

import type { Fault } from '@x/auth-core/testing';

/** What no message may show. */
export const password = 'pa55-w0rd-of-nobody';

/** One login at eSignon's sandbox that goes wrong in this way. */
export async function atEsignon(fault: EsignonFault, logins = 1): Promise<unknown> {
  const account = { companyId: 'acme', email: 'api@acme.example', password };
  await using sandbox = await startEsignonSandbox({ accounts: [account] });
  sandbox.fail(fault, { times: Infinity, on: 'login' });
  const provider = createEsignonTokenProvider({ ...account, baseUrl: sandbox.url, retries: 0 });
  for (let login = 1; login < logins; login += 1) await provider.getToken().catch(() => undefined);
  return await provider.getToken();
}

/** As {@link atEsignon}, and then another call. */
export function atEsignonTwice(fault: EsignonFault): Promise<unknown> {
  return atEsignon(fault, 2);
}

/** One login at DataComSys' sandbox that goes wrong in this way. */
export async function atDatacomsys(fault: Fault): Promise<unknown> {
  const account = { codePort: 'MTP', idERP: 15, password };
  await using sandbox = await startDatacomsysSandbox({ accounts: [account] });
  sandbox.fail(fault, { times: Infinity, on: 'login' });
  return await createDatacomsysTokenProvider({ ...account, baseUrl: sandbox.url, retries: 0 }).getToken();
}

/** An answer of HTTP 200 with this JSON. */
export const answers = (body: unknown): Fault => ({ status: 200, body });

/** A provider of one's own, as a user writes it; its parts may be wrong. */
export function providerOf(protocol: object, options: TokenProviderOptions = {}): TokenProvider {
  const whole = {
    name: 'acme',
    baseUrl: 'https://api.acme.example',
    identity: 'user',
    secret: () => password,
    login: async (): Promise<AccessTokenInit> => ({ value: 'token-of-nobody' }),
    isRejection: ({ status }: { status: number }) => status === 401,
    ...protocol,
  };
  return createTokenProvider(whole, { retries: 0, ...options });
}

/** A provider whose login is one POST to this URL. */
export function loginAt(url: string, options: TokenProviderOptions = {}, more: object = {}): TokenProvider {
  const login = async (context: LoginContext): Promise<AccessTokenInit> => {
    await sendLoginRequest({ provider: 'acme', url: new URL('/login', url), json: { password: context.secret }, ...more }, context);
    return { value: 'token-of-nobody' };
  };
  return providerOf({ baseUrl: url, login }, options);
}
