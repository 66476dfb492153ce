import { type Reply, type Sandbox, startSandbox } from '@x/auth-core/testing';

import { type Account, headerOf, oneAccount } from '../account.ts';

const unauthenticated: Reply = { status: 401, json: { error_type: 'UNAUTHENTICATED', messages: [] } };

/** vCenter: `POST /api/session` and `GET /api/vcenter/vm`. */
export function startVcenterSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  return startSandbox(
    {
      accounts,
      secretFields: ['vmware-api-session-id'],
      scheme: 'Basic',
      isLogin: ({ url }) => url.pathname === '/session',
      answer(request, tokens) {
        const { method, url, headers, body } = request;
        if (url.pathname === '/vcenter/vm') {
          return tokens.owner(headerOf(request, 'vmware-api-session-id')) === undefined ? unauthenticated : { status: 200, json: [] };
        }
        if (url.pathname !== '/session' || method !== 'POST' || body !== '') return { status: 404, json: { error_type: 'NOT_FOUND' } };
        const basic = ({ user, password }: Account): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
        const account = accounts.find((known) => headers.authorization === basic(known));
        return account === undefined ? unauthenticated : { status: 201, json: tokens.issue(account) };
      },
    },
    { basePath: '/api' },
  );
}
