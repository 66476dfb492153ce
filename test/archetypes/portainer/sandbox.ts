import { type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, bearerToken, jsonBody, oneAccount } from '../account.ts';
import { fromJwt, toJwt, withJwt } from '../json-web-token.ts';

const loginSchema = v.object({ Username: v.string(), Password: v.string() });
const lifetime = 8 * 60 * 60 * 1000;

/** Portainer: `POST /api/auth` and `GET /api/stacks`. */
export async function startPortainerSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  const sandbox = await startSandbox(
    {
      accounts,
      lifetime,
      secretFields: ['Password', 'jwt'],
      scheme: 'Bearer',
      isLogin: ({ url }) => url.pathname === '/auth',
      answer(request, tokens) {
        if (request.url.pathname === '/stacks') {
          if (tokens.owner(fromJwt(bearerToken(request))) !== undefined) return { status: 200, json: [] };
          return { status: 401, json: { message: 'Invalid JWT token', details: 'Unauthorized' } };
        }
        if (request.url.pathname !== '/auth') return { status: 404, text: '404 page not found' };
        const login = jsonBody(request, loginSchema);
        if (login === undefined) return { status: 400, json: { message: 'Invalid request payload', details: 'EOF' } };
        const account = accounts.find(({ user }) => user === login.Username);
        if (account?.password === login.Password)
          return { status: 200, json: { jwt: toJwt(tokens.issue(account), Date.now() + lifetime) } };
        return { status: 422, json: { message: 'Invalid credentials', details: 'Unauthorized' } };
      },
    },
    { basePath: '/api' },
  );
  return withJwt(sandbox);
}
