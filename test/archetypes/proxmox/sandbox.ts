import { type Sandbox, startSandbox } from '@x/auth-core/testing';

import { type Account, cookieOf, formBody, headerOf, oneAccount } from '../account.ts';

const lifetime = 2 * 60 * 60 * 1000;

/** Proxmox VE: `POST /api2/json/access/ticket`, and `/api2/json/nodes`, where any method but GET needs the token against forged requests. */
export function startProxmoxSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  return startSandbox(
    {
      accounts,
      lifetime,
      secretFields: ['password', 'csrfpreventiontoken'],
      isLogin: ({ url }) => url.pathname === '/access/ticket',
      answer(request, tokens) {
        if (request.url.pathname === '/nodes') {
          const ticket = cookieOf(request, 'PVEAuthCookie');
          const isForged = request.method !== 'GET' && headerOf(request, 'csrfpreventiontoken') !== `csrf:${ticket}`;
          return tokens.owner(ticket) === undefined || isForged
            ? { status: 401, json: { data: null } }
            : { status: 200, json: { data: [] } };
        }
        if (request.url.pathname !== '/access/ticket') return { status: 501, json: { data: null } };
        const login = formBody(request);
        const account = accounts.find(({ user }) => user === login['username']);
        if (account === undefined || account.password !== login['password']) return { status: 401, json: { data: null } };
        const ticket = tokens.issue(account);
        return { status: 200, json: { data: { username: account.user, ticket, CSRFPreventionToken: `csrf:${ticket}` } } };
      },
    },
    { basePath: '/api2/json' },
  );
}
