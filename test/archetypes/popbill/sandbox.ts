import { createHmac, hash } from 'node:crypto';

import { type ReceivedRequest, type Sandbox, startSandbox } from '@x/auth-core/testing';

import { type Account, bearerToken, headerOf, oneAccount } from '../account.ts';

const lifetime = 30 * 60 * 1000;

/** Popbill's login and its API on one origin: `POST /POPBILL/Token` and `GET /Taxinvoice/ChargeInfo`. The password is the secret key. */
export function startPopbillSandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  return startSandbox({
    accounts,
    lifetime,
    secretFields: ['session_token'],
    scheme: 'Bearer',
    isLogin: ({ url }) => url.pathname === '/POPBILL/Token',
    answer(request, tokens) {
      if (request.url.pathname === '/Taxinvoice/ChargeInfo') {
        if (tokens.owner(bearerToken(request)) !== undefined) return { status: 200, json: { unitCost: '100' } };
        return { status: 400, json: { code: -10000033, message: 'Token Interpretation failed.' } };
      }
      if (request.url.pathname !== '/POPBILL/Token') return { status: 404, json: { code: -99999999, message: 'Not Found' } };
      const account = accounts.find((known) => request.headers.authorization === authorizationOf(known, request));
      if (account === undefined) return { status: 401, json: { code: -99002002, message: 'Signature is not valid.' } };
      const expiration = new Date(Date.now() + lifetime).toISOString();
      return { status: 200, json: { session_token: tokens.issue(account), linkID: account.user, expiration, scope: ['member'] } };
    },
  });
}

function authorizationOf({ user, password }: Account, request: ReceivedRequest): string {
  const parts = [request.method, hash('sha256', request.body, 'base64'), headerOf(request, 'x-lh-date'), '2.0', request.url.pathname];
  const signature = createHmac('sha256', Buffer.from(password, 'base64')).update(parts.join('\n')).digest('base64');
  return `LINKHUB ${user} ${signature}`;
}
