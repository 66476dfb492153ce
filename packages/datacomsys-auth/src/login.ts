import type { AccessTokenInit, AuthErrorCode, LoginContext } from '@x/auth-core';
import { endpointUrl, type LoginResponse, parseLoginResponse, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import * as v from 'valibot';

import { effectiveStatus, statusEntries } from './envelope-status.ts';
import type { DatacomsysAccount } from './options.ts';

const successSchema = v.object({ ...statusEntries, data: v.object({ token: v.pipe(v.string(), v.nonEmpty('is empty')) }) });

/** A response may hold a token although it reports a failure. */
const failureSchema = v.object({ msg: v.optional(v.unknown()), data: v.fallback(v.optional(v.object({ token: v.string() })), undefined) });

/** One login [S]: `POST /Auth/Login`. */
export async function login(account: DatacomsysAccount, context: LoginContext): Promise<AccessTokenInit> {
  const url = endpointUrl(account.baseUrl, ['Auth', 'Login']);
  const password = context.secret ?? '';
  const json = { codePort: account.codePort, idERP: account.idERP, password };
  const response = await sendLoginRequest({ provider: 'datacomsys', url, json }, context);
  return judgeLogin(response, password);
}

/**
 * Reads the response to a login. The token is permanent: it has no end [S].
 *
 * @throws AuthError `INVALID_CREDENTIALS`, `NOT_ALLOWED`, `VENDOR_ERROR` or `BAD_RESPONSE`.
 */
export function judgeLogin(response: LoginResponse, password: string): AccessTokenInit {
  const status = effectiveStatus(response.status, response.text);
  if (status !== 200) throw failed({ ...response, status }, password);
  const { data } = parseLoginResponse(successSchema, response, 'datacomsys');
  return { value: data.token };
}

/** The body may be anything: the page of a gateway, or nothing. */
function failed(response: LoginResponse, password: string): Error {
  const { code, message } = meaning(response.status);
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), failureSchema), response.text);
  const { msg, data } = body.success ? body.output : {};
  return vendorError(response, {
    provider: 'datacomsys',
    code,
    message,
    vendorCode: String(response.status),
    documentedCodes: [String(response.status)],
    vendorMessage: typeof msg === 'string' ? msg : undefined,
    secrets: data === undefined ? [password] : [password, data.token],
  });
}

function meaning(status: number): { code: AuthErrorCode; message: string } {
  if (status === 401) {
    const message = 'refused: check codePort, idERP and password (DataComSys does not say which)';
    return { code: 'INVALID_CREDENTIALS', message };
  }
  if (status === 403 || status === 423) return { code: 'NOT_ALLOWED', message: 'not allowed: ask DataComSys' };
  return { code: 'VENDOR_ERROR', message: status === 404 ? 'check baseUrl' : 'try later, or ask DataComSys' };
}
