import { type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, headerOf, jsonBody, oneAccount } from '../account.ts';

const user = v.object({ name: v.string(), domain: v.object({ id: v.string() }), password: v.string() });
const loginSchema = v.object({
  auth: v.object({ identity: v.object({ methods: v.tuple([v.literal('password')]), password: v.object({ user }) }) }),
});
const lifetime = 60 * 60 * 1000;

/** Keystone: `POST /v3/auth/tokens` and `GET /v3/projects`. */
export function startKeystoneSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  const unauthorized = { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' };
  return startSandbox(
    {
      accounts,
      lifetime,
      secretFields: ['password', 'x-auth-token'],
      isLogin: ({ url }) => url.pathname === '/auth/tokens',
      answer(request, tokens) {
        if (request.url.pathname === '/projects') {
          const owner = tokens.owner(headerOf(request, 'x-auth-token'));
          return owner === undefined ? { status: 401, json: { error: unauthorized } } : { status: 200, json: { projects: [] } };
        }
        if (request.url.pathname !== '/auth/tokens') return { status: 404, json: { error: { code: 404, title: 'Not Found' } } };
        const login = jsonBody(request, loginSchema)?.auth.identity.password.user;
        if (login === undefined) return { status: 400, json: { error: { code: 400, title: 'Bad Request' } } };
        const account = accounts.find(({ user: name }) => name === login.name);
        if (account?.password !== login.password) return { status: 401, json: { error: unauthorized } };
        const token = { methods: ['password'], expires_at: new Date(Date.now() + lifetime).toISOString() };
        return { status: 201, headers: { 'x-subject-token': tokens.issue(account) }, json: { token } };
      },
    },
    { basePath: '/v3' },
  );
}
