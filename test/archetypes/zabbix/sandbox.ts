import { type Sandbox, startSandbox } from '@x/auth-core/testing';
import * as v from 'valibot';

import { type Account, bearerToken, jsonBody, oneAccount } from '../account.ts';

const loginSchema = v.object({ method: v.literal('user.login'), params: v.object({ username: v.string(), password: v.string() }) });

/** Zabbix at `/zabbix/api_jsonrpc.php`: `user.login`, and any other method for those with a session. */
export function startZabbixSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  const answer = (outcome: object) => ({ status: 200, json: { jsonrpc: '2.0', ...outcome, id: 1 } });
  return startSandbox(
    {
      accounts,
      secretFields: ['password'],
      scheme: 'Bearer',
      isLogin: (request) => jsonBody(request, loginSchema) !== undefined,
      answer(request, tokens) {
        if (request.url.pathname !== '/api_jsonrpc.php') return { status: 404, text: 'Not Found' };
        const login = jsonBody(request, loginSchema)?.params;
        if (login === undefined) {
          if (tokens.owner(bearerToken(request)) !== undefined) return answer({ result: [] });
          return answer({ error: { code: -32602, message: 'Invalid params.', data: 'Session terminated, re-login, please.' } });
        }
        const account = accounts.find(({ user }) => user === login.username);
        if (account?.password === login.password) return answer({ result: tokens.issue(account) });
        const data = 'Incorrect user name or password or account is temporarily blocked.';
        return answer({ error: { code: -32500, message: 'Application error.', data } });
      },
    },
    { basePath: '/zabbix' },
  );
}
