import { type Reply, type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, headerOf, jsonBody, oneAccount } from '../account.ts';

const loginSchema = v.object({ login: v.string(), password: v.string() });
const refused = (code: number, message: string): Reply => ({ status: code, json: { error: { code, message } } });

/** Dolibarr: `POST /api/index.php/login`, which returns the user's key until that is revoked, and `GET /api/index.php/invoices`. */
export function startDolibarrSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  let key = '';
  return startSandbox(
    {
      accounts,
      secretFields: ['password', 'dolapikey', 'token'],
      isLogin: ({ url }) => url.pathname === '/login',
      answer(request, tokens) {
        if (request.url.pathname === '/invoices') {
          const owner = tokens.owner(headerOf(request, 'dolapikey'));
          return owner === undefined ? refused(401, 'Unauthorized: Error user not valid') : { status: 200, json: [] };
        }
        if (request.url.pathname !== '/login') return refused(404, 'Not Found');
        const login = jsonBody(request, loginSchema);
        const account = accounts.find(({ user }) => user === login?.login);
        if (account === undefined || account.password !== login?.password) return refused(403, 'Forbidden: Access denied');
        if (tokens.owner(key) === undefined) key = tokens.issue(account);
        return { status: 200, json: { success: { code: 200, token: key, entity: 1, message: `Welcome ${account.user}` } } };
      },
    },
    { basePath: '/api/index.php' },
  );
}
