import { type Reply, type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, headerOf, jsonBody, oneAccount } from '../account.ts';

const loginSchema = v.object({ password: v.string() });
const validity = 1800;
const unauthorized: Reply = { status: 401, json: { error: { key: 'unauthorized', message: 'Unauthorized', hint: null }, took: 0.003 } };

/** Pi-hole: `POST /api/auth` and `GET /api/info/version`. Its one account has no name. */
export function startPiHoleSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  return startSandbox(
    {
      accounts,
      lifetime: validity * 1000,
      secretFields: ['password', 'x-ftl-sid', 'sid'],
      isLogin: ({ url }) => url.pathname === '/auth',
      answer(request, tokens) {
        if (request.url.pathname === '/info/version') {
          return tokens.owner(headerOf(request, 'x-ftl-sid')) === undefined ? unauthorized : { status: 200, json: { version: {} } };
        }
        if (request.url.pathname !== '/auth') return { status: 404, json: { error: { key: 'not_found', message: 'Not found' } } };
        const login = jsonBody(request, loginSchema);
        if (login === undefined)
          return { status: 400, json: { error: { key: 'bad_request', message: 'No password found in JSON payload' } } };
        const [account] = accounts;
        if (account.password !== login.password) return unauthorized;
        return {
          status: 200,
          json: { session: { valid: true, totp: false, sid: tokens.issue(account), csrf: 'c', validity }, took: 0.001 },
        };
      },
    },
    { basePath: '/api' },
  );
}
