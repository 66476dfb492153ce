import type { IssuedTokens, ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

import type { EsignonSandboxAccount } from './account.ts';
import { languageOf, resultMessage } from './result-messages.ts';

/** What a login is judged by. */
export interface LoginDesk {
  readonly find: (companyId: string, email: string) => EsignonSandboxAccount | undefined;
  readonly tokens: IssuedTokens<EsignonSandboxAccount>;
  /** `body.expire_date` of a success; undefined = left out. */
  readonly expireDate: () => unknown;
}

const LoginBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    header: v.object({ request_code: v.string() }),
    body: v.object({ memb_email: v.string(), memb_pwd: v.string() }),
  }),
);

/** The company that a login is for, whatever path stands before `/api`; undefined = this is no login. */
export function companyOf({ method, url }: ReceivedRequest): string | undefined {
  const segment = /\/api\/([^/]+)\/login$/.exec(url.pathname)?.[1];
  if (method !== 'POST' || segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * Answers a login, always with HTTP 200 [V]. Which of the documented results a faulty request gets is [A]: `12` for one that is not
 * `application/json` or lacks a field, `99` for another `request_code`, `95` only once the password was right.
 */
export function answerLogin(request: ReceivedRequest, companyId: string, desk: LoginDesk): Reply {
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const parsed = v.safeParse(LoginBody, request.body);
  if (!isJson || !parsed.success) return loginResult(request, '12');
  const { header, body } = parsed.output;
  if (header.request_code !== '1001Q') return loginResult(request, '99');
  const account = desk.find(companyId, body.memb_email);
  if (account?.password !== body.memb_pwd) return loginResult(request, '10');
  if (account.allowed === false) return loginResult(request, '95');
  return loginResult(request, '00', {
    access_token: desk.tokens.issue(account),
    comp_id: account.companyId,
    device_id: 'SANDBOX',
    expire_date: desk.expireDate(),
    memb_email: account.email,
  });
}

/** The login's envelope. What stands in the `body` of a refusal is documented nowhere: here nothing does. */
export function loginResult({ url }: ReceivedRequest, code: string, body: object = {}, message?: string): Reply {
  const result_msg = message ?? resultMessage(code, languageOf(url));
  return {
    status: 200,
    json: {
      header: { response_code: '1001A', result_code: code, result_msg, session_id: '' },
      body,
    },
  };
}
