import type { AccessTokenInit, AuthErrorCode, LoginContext } from '@x/auth-core';
import {
  endpointUrl,
  isTransientStatus,
  type LoginResponse,
  parseLoginResponse,
  sendLoginRequest,
  vendorError,
  type VendorErrorInit,
} from '@x/auth-core/provider';
import * as v from 'valibot';

import { parseExpireDate } from './expire-date.ts';
import type { EsignonAccount } from './options.ts';

/** What a failure means, and what the caller can do. */
interface Failure {
  readonly code: AuthErrorCode;
  readonly message: string;
}

const refused: Failure = {
  code: 'INVALID_CREDENTIALS',
  message: 'refused: check company id, e-mail and password (eSignon does not say which)',
};
const ask = "ask eSignon's customer center";

/** The documented failures [S]; any other result code is a `VENDOR_ERROR`. */
const failures: ReadonlyMap<string, Failure> = new Map([
  ['10', refused],
  ['12', { code: 'VENDOR_ERROR', message: `eSignon could not parse the request: ${ask}` }],
  ['95', { code: 'NOT_ALLOWED', message: `this company may not call the API: ${ask} to enable API access` }],
  ['99', { code: 'VENDOR_ERROR', message: `eSignon failed with an unexpected exception: ${ask}` }],
]);

const documentedCodes = ['00', ...failures.keys()];

const notAllowed: Failure = { code: 'NOT_ALLOWED', message: `not allowed: ${ask}` };

/** HTTP statuses of a login by which nothing must be sent again [A]. */
const refusals: ReadonlyMap<number, Failure> = new Map([
  [401, refused],
  [403, notAllowed],
  [423, notAllowed],
]);

const resultCode = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((code) => String(code)),
);

const headerSchema = v.object({ header: v.object({ result_code: resultCode, result_msg: v.optional(v.unknown()) }) });

const successSchema = v.object({
  body: v.object({ access_token: v.pipe(v.string(), v.nonEmpty('is empty')), expire_date: v.optional(v.unknown()) }),
});

/** A response may hold a token although it reports a failure. */
const tokenSchema = v.object({ body: v.object({ access_token: v.string() }) });

type Header = v.InferOutput<typeof headerSchema>['header'];

/** One login [S]: `POST /api/{companyId}/login` with request code `1001Q`. */
export async function login(account: EsignonAccount, context: LoginContext): Promise<AccessTokenInit> {
  const url = endpointUrl(account.baseUrl, ['api', account.companyId, 'login']);
  if (account.language !== undefined) url.searchParams.set('lang', account.language);
  const password = context.secret ?? '';
  const clientId = account.clientId === undefined ? {} : { client_id: account.clientId };
  const json = { header: { request_code: '1001Q' }, body: { memb_email: account.email, memb_pwd: password, ...clientId } };
  const response = await sendLoginRequest({ provider: 'esignon', url, json }, context);
  return judgeLogin(response, password, context.now());
}

/**
 * Reads the response to a login. `header.result_code` decides; the HTTP status is 200 also for failures [V]. HTTP 401 counts as refused credentials, 403 and
 * 423 as not allowed, whatever the body says [A]: what is not understood must not be sent again and again.
 *
 * @throws AuthError `INVALID_CREDENTIALS`, `NOT_ALLOWED`, `VENDOR_ERROR` or `BAD_RESPONSE`.
 */
export function judgeLogin(response: LoginResponse, password: string, now: number): AccessTokenInit {
  const refusal = refusals.get(response.status);
  if (refusal !== undefined) throw failedByStatus(response, password, refusal);
  const failed = isTransientStatus(response.status) || response.status === 400;
  if (failed && !refusesCredentials(response)) throw failedByStatus(response, password);
  const { header } = parseLoginResponse(headerSchema, response, 'esignon');
  if (header.result_code !== '00' || response.status !== 200) throw failedByResult(response, header, password);
  const { body } = parseLoginResponse(successSchema, response, 'esignon');
  return { value: body.access_token, scheme: 'esignon', expiresAt: parseExpireDate(body.expire_date, now) };
}

/** Refused credentials must not be sent again as after a failure of the server, whatever HTTP status they come with. */
function refusesCredentials(response: LoginResponse): boolean {
  const header = readHeader(response);
  const code = header === undefined ? undefined : failures.get(header.result_code)?.code;
  return code === 'INVALID_CREDENTIALS' || code === 'NOT_ALLOWED';
}

/** HTTP 400 means "connection failed" [V]; 429 and 5xx come from a gateway in front of the API. Their bodies may be anything. */
function failedByStatus(response: LoginResponse, password: string, failure?: Failure): Error {
  const header = readHeader(response);
  return vendorError(response, {
    provider: 'esignon',
    code: failure?.code ?? 'VENDOR_ERROR',
    message: failure?.message ?? (response.status === 400 ? 'check baseUrl and the options' : 'try later'),
    secrets: secretsIn(response, password),
    ...(header === undefined ? {} : vendorTexts(header)),
  });
}

function failedByResult(response: LoginResponse, header: Header, password: string): Error {
  const known = failures.get(header.result_code);
  const result =
    header.result_code === '00' ? 'success, but not with HTTP 200: check baseUrl' : `the result code is not documented: ${ask}`;
  return vendorError(response, {
    provider: 'esignon',
    code: known?.code ?? 'VENDOR_ERROR',
    message: known?.message ?? result,
    secrets: secretsIn(response, password),
    ...vendorTexts(header),
  });
}

function readHeader(response: LoginResponse): Header | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), headerSchema), response.text);
  return parsed.success ? parsed.output.header : undefined;
}

function vendorTexts(header: Header): Pick<VendorErrorInit, 'vendorCode' | 'documentedCodes' | 'vendorMessage'> {
  const message = header.result_msg;
  return { vendorCode: header.result_code, documentedCodes, ...(typeof message === 'string' ? { vendorMessage: message } : {}) };
}

function secretsIn(response: LoginResponse, password: string): string[] {
  const token = v.safeParse(v.pipe(v.string(), v.parseJson(), tokenSchema), response.text);
  return token.success ? [password, token.output.body.access_token] : [password];
}
