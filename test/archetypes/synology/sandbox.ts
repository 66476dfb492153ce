import { type Sandbox, startSandbox } from '@x/auth-core/testing';

import { type Account, cookieOf, formBody, headerOf, oneAccount } from '../account.ts';

/** DSM at `/webapi/entry.cgi`: the `login` of `SYNO.API.Auth`, and any other call for those with a session. */
export function startSynologySandbox(): Promise<Sandbox<Account>> {
  const accounts = oneAccount();
  const failed = (code: number) => ({ status: 200, json: { error: { code }, success: false } });
  return startSandbox(
    {
      accounts,
      secretFields: ['passwd', 'x-syno-token', 'synotoken'],
      isLogin: (request) => formBody(request)['api'] === 'SYNO.API.Auth',
      answer(request, tokens) {
        if (request.url.pathname !== '/entry.cgi') return { status: 404, text: 'Not Found' };
        const form = formBody(request);
        if (form['api'] !== 'SYNO.API.Auth') {
          const sid = cookieOf(request, 'id');
          const isGood = tokens.owner(sid) !== undefined && headerOf(request, 'x-syno-token') === `t-${sid}`;
          return isGood ? { status: 200, json: { data: {}, success: true } } : failed(119);
        }
        const account = accounts.find(({ user }) => user === form['account']);
        if (account === undefined || account.password !== form['passwd']) return failed(400);
        if (form['format'] !== 'cookie' || form['enable_syno_token'] !== 'yes') return failed(101);
        const sid = tokens.issue(account);
        const json = { data: { did: 'd', is_portal_port: false, sid, synotoken: `t-${sid}` }, success: true };
        return { status: 200, headers: { 'set-cookie': `id=${sid}; path=/; HttpOnly` }, json };
      },
    },
    { basePath: '/webapi' },
  );
}
