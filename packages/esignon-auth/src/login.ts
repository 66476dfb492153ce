import type { AccessTokenInit, AuthErrorCode, LoginContext } from '@x/auth-core';
import {
  endpointUrl,
  isTransientStatus,
  type LoginResponse,
  parseLoginResponse,
  sendLoginRequest,
  vendorError,
} from '@x/auth-core/provider';
import * as v from 'valibot';

import { parseExpireDate } from './expire-date.ts';
import type { EsignonAccount } from './options.ts';

/** [S]; what is not in here is a `VENDOR_ERROR`. */
const refusals: ReadonlyMap<string, { code: AuthErrorCode; message: string }> = new Map([
  [
    '10',
    {
      code: 'INVALID_CREDENTIALS',
      message: 'the login information is not right: check company id, e-mail and password (the vendor does not say which)',
    },
  ],
  ['12', { code: 'VENDOR_ERROR', message: 'the vendor could not read the login request: a defect on our side, or a change on theirs' }],
  ['95', { code: 'NOT_ALLOWED', message: 'this company may not call the API: ask the administrator at eSignon to enable it' }],
  ['99', { code: 'VENDOR_ERROR', message: 'the vendor failed with an unexpected exception (wrong format)' }],
]);

const resultCode = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((code) => String(code)),
);

const headerSchema = v.object({ header: v.object({ result_code: resultCode, result_msg: v.optional(v.unknown()) }) });

const successSchema = v.object({
  body: v.object({ access_token: v.pipe(v.string(), v.nonEmpty('is empty')), expire_date: v.optional(v.unknown()) }),
});

type Header = v.InferOutput<typeof headerSchema>['header'];

/** What an answer may repeat of a token, whatever else is wrong with it. */
const tokenSchema = v.object({ body: v.object({ access_token: v.string() }) });

/** One login [S]: `POST /api/{companyId}/login` with request code `1001Q`. */
export async function login(account: EsignonAccount, context: LoginContext): Promise<AccessTokenInit> {
  const url = endpointUrl(account.baseUrl, ['api', account.companyId, 'login']);
  if (account.language !== undefined) url.searchParams.set('lang', account.language);
  const password = context.secret ?? '';
  const clientId = account.clientId === undefined ? {} : { client_id: account.clientId };
  const body = { header: { request_code: '1001Q' }, body: { memb_email: account.email, memb_pwd: password, ...clientId } };
  const response = await sendLoginRequest({ provider: 'esignon', url, body, secrets: [password] }, context);
  return judgeLogin(response, password, context.now());
}

/**
 * What the answer to a login says. `header.result_code` decides; the HTTP status is 200 either way [V].
 *
 * @throws AuthError `INVALID_CREDENTIALS`, `NOT_ALLOWED`, `VENDOR_ERROR` or `BAD_RESPONSE`.
 */
export function judgeLogin(response: LoginResponse, password: string, now: number): AccessTokenInit {
  const failed = isTransientStatus(response.status) || response.status === 400;
  if (failed && !refusesCredentials(response)) throw failedByStatus(response, password);
  const { header } = parseLoginResponse(headerSchema, response, 'esignon');
  if (header.result_code !== '00' || response.status !== 200) throw refused(response, header, password);
  const { body } = parseLoginResponse(successSchema, response, 'esignon');
  return { value: body.access_token, scheme: 'esignon', expiresAt: parseExpireDate(body.expire_date, now) };
}

/** Refused credentials must not be tried again as a failing server's would be, whatever HTTP status they come with. */
function refusesCredentials(response: LoginResponse): boolean {
  const header = readHeader(response);
  const code = header === undefined ? undefined : refusals.get(header.result_code)?.code;
  return code === 'INVALID_CREDENTIALS' || code === 'NOT_ALLOWED';
}

/** HTTP 400 stands for "connection failed" [V]; 429 and 5xx come from in front of the API. Their bodies may be anything. */
function failedByStatus(response: LoginResponse, password: string): Error {
  const header = readHeader(response);
  return vendorError(response, {
    provider: 'esignon',
    code: 'VENDOR_ERROR',
    message: `the vendor answered the login with HTTP ${response.status}`,
    secrets: secretsIn(response, password),
    ...(header === undefined ? {} : words(header)),
  });
}

function refused(response: LoginResponse, header: Header, password: string): Error {
  const known = refusals.get(header.result_code);
  const what = header.result_code === '00' ? 'although its result says success' : 'and a result code that is not documented';
  return vendorError(response, {
    provider: 'esignon',
    code: known?.code ?? 'VENDOR_ERROR',
    message: known?.message ?? `the vendor answered the login with HTTP ${response.status}, ${what}`,
    secrets: secretsIn(response, password),
    ...words(header),
  });
}

function readHeader(response: LoginResponse): Header | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), headerSchema), response.text);
  return parsed.success ? parsed.output.header : undefined;
}

function words(header: Header): { vendorCode: string; vendorMessage?: string } {
  const said = header.result_msg;
  return { vendorCode: header.result_code, ...(typeof said === 'string' ? { vendorMessage: said } : {}) };
}

/** A failure may come with a token, and repeat it in its words. */
function secretsIn(response: LoginResponse, password: string): string[] {
  const token = v.safeParse(v.pipe(v.string(), v.parseJson(), tokenSchema), response.text);
  return token.success ? [password, token.output.body.access_token] : [password];
}
