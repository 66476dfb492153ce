import type { AccessTokenInit, AuthErrorCode, LoginContext } from '@x/auth-core';
import { endpointUrl, type LoginResponse, parseLoginResponse, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import * as v from 'valibot';

import { effectiveStatus, type Envelope, envelopeSchema } from './envelope-status.ts';
import type { DatacomsysAccount } from './options.ts';

const successSchema = v.object({ data: v.object({ token: v.pipe(v.string(), v.nonEmpty('is empty')) }) });

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
 * @throws AuthError `INVALID_CREDENTIALS`, `VENDOR_ERROR` or `BAD_RESPONSE`.
 */
export function judgeLogin(response: LoginResponse, password: string): AccessTokenInit {
  const envelope = readEnvelope(response);
  const status = effectiveStatus(response.status, envelope);
  if (status !== 200) throw failed({ ...response, status }, envelope, password);
  const { data } = parseLoginResponse(successSchema, response, 'datacomsys');
  return { value: data.token };
}

/** With another status than 200 the body may be anything: the page of a gateway, or nothing. */
function readEnvelope(response: LoginResponse): Envelope {
  if (response.status === 200) return parseLoginResponse(envelopeSchema, response, 'datacomsys');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), envelopeSchema), response.text);
  return parsed.success ? parsed.output : {};
}

function failed(response: LoginResponse, envelope: Envelope, password: string): Error {
  const { code, message } = meaning(response.status);
  const token = v.safeParse(successSchema, envelope);
  return vendorError(response, {
    provider: 'datacomsys',
    code,
    message,
    vendorCode: String(response.status),
    vendorMessage: typeof envelope.msg === 'string' ? envelope.msg : undefined,
    secrets: token.success ? [password, token.output.data.token] : [password],
  });
}

function meaning(status: number): { code: AuthErrorCode; message: string } {
  if (status === 401) {
    const message = 'the login was refused: check codePort, idERP and password (DataComSys does not say which)';
    return { code: 'INVALID_CREDENTIALS', message };
  }
  return { code: 'VENDOR_ERROR', message: `the login returned status ${status}${status === 404 ? ': check baseUrl' : ''}` };
}
