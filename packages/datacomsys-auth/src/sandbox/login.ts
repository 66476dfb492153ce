import type { IssuedTokens, ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

import type { DatacomsysSandboxAccount } from './account.ts';
import { documentedFailures, envelope } from './envelope.ts';

/** What a login is judged by. */
export interface LoginDesk {
  readonly find: (codePort: string, idERP: number) => DatacomsysSandboxAccount | undefined;
  readonly tokens: IssuedTokens<DatacomsysSandboxAccount>;
}

const Json = v.pipe(v.string(), v.parseJson());

const LoginBody = v.object({
  codePort: v.pipe(v.string(), v.length(3)),
  idERP: v.pipe(v.number(), v.integer()),
  password: v.string(),
});

/** Is this a login? Whatever path stands before `/Auth/Login`. */
export function isLogin({ method, url }: ReceivedRequest): boolean {
  return method === 'POST' && url.pathname.endsWith('/Auth/Login');
}

/**
 * Answers a login [S]: on purpose a refusal does not say which of the three values is wrong. That a body which is no JSON counts as an
 * internal error is [A].
 */
export function answerLogin(request: ReceivedRequest, { find, tokens }: LoginDesk): Reply {
  const json = v.safeParse(Json, request.body);
  if (!json.success) return envelope(500, documentedFailures[500]);
  const parsed = v.safeParse(LoginBody, json.output);
  const account = parsed.success ? find(parsed.output.codePort, parsed.output.idERP) : undefined;
  if (!parsed.success || account?.password !== parsed.output.password) return envelope(401, documentedFailures[401]);
  return envelope(200, 'Authentification OK', { token: tokens.issue(account) });
}
