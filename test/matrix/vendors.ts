import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import type { Sandbox, SandboxAccount } from '@x/auth-core/testing';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';

import type { Answer } from './answer.ts';

export type VendorName = 'esignon' | 'datacomsys';

/** What a vendor says of a login or a call, each in its own way. */
export type Saying = 'refused' | 'refused in the body' | 'not allowed' | 'failed' | 'undocumented' | 'rejected';

/** The password of every account: with characters that mean something in JSON, HTML, URLs, forms and patterns. */
export const password = 'pä"s\\s</w>&\'o+r%d {$1}*';

/** One of the two vendors, as far as the matrix has to know it. */
export interface Vendor {
  readonly name: VendorName;
  startSandbox(): Promise<Sandbox<SandboxAccount>>;
  createProvider(baseUrl: string, options: TokenProviderOptions): TokenProvider;
  /** The first protected call, below the base URL. */
  readonly callPath: string;
  isLogin(method: string, path: string): boolean;
  /** The body of a successful login with this token, which may be anything, and further fields. */
  success(token: unknown, further?: object): object;
  /** `token`: the answer holds one although it is none of a success. */
  say(saying: Saying, message: string, token?: string): Answer;
  /** The vendor's failure under a code of whatever kind. */
  failWith(code: unknown, message: string): object;
}

const headers = { 'content-type': 'application/json; charset=utf-8' };

const resultCodes: Readonly<Record<Saying, string>> = {
  refused: '10',
  'refused in the body': '10',
  'not allowed': '95',
  failed: '99',
  undocumented: '11',
  rejected: '94',
};

const esignonHeader = (code: unknown, message: string): object => ({
  header: { response_code: '1001A', result_code: code, result_msg: message, session_id: '' },
});

export const esignon: Vendor = {
  name: 'esignon',
  startSandbox: () => startEsignonSandbox({ accounts: [{ companyId: 'acme', email: 'api@acme.example', password }] }),
  createProvider: (baseUrl, options) =>
    createEsignonTokenProvider({ companyId: 'acme', email: 'api@acme.example', password, baseUrl, ...options }),
  callPath: '/api/v2/company',
  isLogin: (method, path) => method === 'POST' && path.endsWith('/login'),
  success: (token, further) => ({
    ...esignonHeader('00', 'Success'),
    body: { access_token: token, expire_date: '2099-12-22', comp_id: 'acme', ...further },
  }),
  say: (saying, message, token) => ({
    status: 200,
    headers,
    body: JSON.stringify({ ...esignonHeader(resultCodes[saying], message), body: { access_token: token } }),
  }),
  failWith: esignonHeader,
};

/** HTTP status and status in the envelope. */
const statuses: Readonly<Record<Saying, readonly [http: number, envelope: number]>> = {
  refused: [401, 401],
  'refused in the body': [200, 401],
  'not allowed': [403, 403],
  failed: [500, 500],
  undocumented: [418, 418],
  rejected: [200, 401],
};

const envelope = (status: unknown, msg: string, data: object | null = null): object => ({ status, msg, data });

export const datacomsys: Vendor = {
  name: 'datacomsys',
  startSandbox: () => startDatacomsysSandbox({ accounts: [{ codePort: 'MTP', idERP: 15, password }] }),
  createProvider: (baseUrl, options) => createDatacomsysTokenProvider({ codePort: 'MTP', idERP: 15, password, baseUrl, ...options }),
  callPath: '/account',
  isLogin: (method, path) => method === 'POST' && path.endsWith('/Auth/Login'),
  success: (token, further) => envelope(200, 'Authentification OK', { token, ...further }),
  say: (saying, message, token) => {
    const [status, inside] = statuses[saying];
    return { status, headers, body: JSON.stringify(envelope(inside, message, token === undefined ? null : { token })) };
  },
  failWith: envelope,
};

export const vendors: readonly Vendor[] = [esignon, datacomsys];
