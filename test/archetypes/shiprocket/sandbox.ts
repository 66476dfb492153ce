import { type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, bearerToken, jsonBody, oneAccount } from '../account.ts';
import { fromJwt, toJwt, withJwt } from '../json-web-token.ts';

const loginSchema = v.object({ email: v.string(), password: v.string() });
const lifetime = 10 * 24 * 60 * 60 * 1000;

/** Shiprocket: `POST /v1/external/auth/login` and `GET /v1/external/orders`. */
export async function startShiprocketSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  const sandbox = await startSandbox(
    {
      accounts,
      lifetime,
      secretFields: ['password', 'token'],
      scheme: 'Bearer',
      isLogin: ({ url }) => url.pathname === '/auth/login',
      answer(request, tokens) {
        if (request.url.pathname === '/orders') {
          if (tokens.owner(fromJwt(bearerToken(request))) !== undefined) return { status: 200, json: { data: [] } };
          return { status: 401, json: { message: 'Token has expired', status_code: 401 } };
        }
        if (request.url.pathname !== '/auth/login') return { status: 404, json: { message: '404 Not Found', status_code: 404 } };
        const login = jsonBody(request, loginSchema);
        if (login === undefined) return { status: 422, json: { message: 'The given data was invalid.', status_code: 422 } };
        const account = accounts.find(({ user }) => user === login.email);
        if (account?.password !== login.password) return { status: 403, json: { message: 'Invalid email and password combination' } };
        const token = toJwt(tokens.issue(account), Date.now() + lifetime);
        return { status: 200, json: { id: 1, email: account.user, company_id: 1, token } };
      },
    },
    { basePath: '/v1/external' },
  );
  return withJwt(sandbox);
}
