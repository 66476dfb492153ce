import { isUint8Array } from 'node:util/types';

import { type Dispatcher, request, type RetryHandler } from 'undici';

import { isAuthError } from '../auth-error.ts';
import { errorInOwnWords } from '../failure-message.ts';
import { parseHttpDate } from '../http-date.ts';
import { loginRequest, outsideLogin, type ScopedLogin } from '../provider-internals.ts';
import type { LoginContext } from '../token-provider.ts';
import { exchangeError } from './exchange-error.ts';
import { type LoginRequest, type PreparedLogin, prepareLogin } from './login-request.ts';
import { findCookie } from './set-cookie.ts';

/** The response to a login, not checked yet. */
export interface LoginResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /**
   * The value of a cookie that the response sets, without quotes around it. Undefined if it sets none of this name, or only expired ones (`Max-Age=0`), by
   * which servers delete a cookie. As secret as a token.
   */
  cookie(name: string): string | undefined;
  /** The whole body as text (UTF-8). */
  readonly text: string;
  /** The `Retry-After` header in milliseconds from now; absent if there is none that can be read. */
  readonly retryAfter?: number;
  /** The method and the URL of the request, without its query, for messages. */
  readonly request?: string;
}

/** Headers as undici has them, by lower-case name. */
type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The response to a login has a few hundred bytes: a larger body is something else. */
const maxBody = 1_048_576;

/**
 * Sends one login request and reads the response, whatever its status. The request is never repeated, redirects are not followed, and the body is limited to 1 MiB (a larger
 * `Content-Length` fails at once). It uses the dispatcher of the context, or undici's global one, and ends when the signal of the context fires. The
 * `Date` header is reported to the context. From HTTP 400 on the status tells that the login failed: a body that is cut off, too large, compressed, a
 * second late or not there when the signal fires counts as an empty one.
 *
 * @throws AuthError `NETWORK` if the connection failed; `TIMEOUT` if no response came in time; `BAD_RESPONSE` if the response is a redirect, too large,
 * compressed although `identity` was requested, or not HTTP; `CONFIG` if the request is not valid or cannot be sent at all.
 */
export async function sendLoginRequest(login: LoginRequest, context: LoginContext): Promise<LoginResponse> {
  const prepared = prepareLogin(login, context);
  const sent = context.now();
  try {
    const { status, headers, body } = await exchange(prepared, context);
    const header = headerReader(headers);
    context.reportDate?.(header('date'), context.now() - sent);
    const text = await (status >= 400 ? readFailure(body, header) : readText(prepared, { status, headers, body }, header));
    return { status, text, ...readHead(headers, context.now()), request: prepared.title };
  } catch (error) {
    throw isAuthError(error) ? error : exchangeError(error, prepared, context.signal);
  }
}

/** A response whose body is either still to be read or already text. */
interface RawResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Dispatcher.ResponseData['body'] | string;
}

async function exchange(login: PreparedLogin, context: LoginContext & ScopedLogin): Promise<RawResponse> {
  try {
    const send = () => request(login.url, requestOptions(login, context));
    const leave = context[outsideLogin] ?? ((run: typeof send) => run());
    const { statusCode, headers, body } = await leave(send);
    return { status: statusCode, headers, body };
  } catch (error) {
    return responseInError(error);
  }
}

function requestOptions({ method, headers, body }: PreparedLogin, context: LoginContext): LoginRequestOptions {
  return {
    method,
    headers,
    body,
    signal: context.signal,
    ...(context.dispatcher === undefined ? {} : { dispatcher: context.dispatcher }),
    // An application's dispatcher may follow redirects or repeat requests; a request with a password must do neither.
    maxRedirections: 0,
    retryOptions: neverRetry,
    [loginRequest]: true,
  };
}

type LoginRequestOptions = NonNullable<Parameters<typeof request>[1]> & {
  maxRedirections: 0;
  retryOptions: typeof neverRetry;
  [loginRequest]: true;
};

/**
 * Turns `interceptors.retry` off. With an empty `statusCodes` it passes every response on unchanged, with its `Retry-After`. `retry` replaces a function
 * of the application, which `maxRetries` would not limit.
 */
const neverRetry: RetryHandler.RetryOptions = {
  maxRetries: 0,
  statusCodes: [],
  retry: (error, _context, done) => done(error),
};

/**
 * `interceptors.responseError` and a `RetryAgent` in an application's dispatcher throw on a status: that is a response, not a failed connection. Known by its
 * shape, since not every runtime has undici's classes.
 */
function responseInError(error: unknown): RawResponse {
  const { statusCode, headers, body }: { statusCode?: unknown; headers?: unknown; body?: unknown } = Object(error);
  if (typeof statusCode !== 'number') throw error;
  const isRecord = typeof headers === 'object' && headers !== null && !Array.isArray(headers);
  // undici's own: names in lower case, with one value or several.
  const known = isRecord ? (headers as RawHeaders) : {};
  return { status: statusCode, headers: known, body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body) };
}

/** How long the body of a failure may take, in milliseconds, once its head has come. */
const failureBodyTimeout = 1_000;

/**
 * The body of an answer that is a failure by its status alone. It only explains that: what cannot be read of it counts as an empty one, so that refused
 * credentials never become a broken connection, after which they would be sent again.
 */
async function readFailure(body: RawResponse['body'], header: LoginResponse['header']): Promise<string> {
  const isReadable = !isEncoded(header) && !isTooLong(header);
  if (typeof body === 'string') return isReadable ? body : '';
  const timer = setTimeout(() => body.destroy(), failureBodyTimeout);
  try {
    return (isReadable ? await readBody(body, maxBody) : undefined) ?? '';
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
    body.on('error', () => undefined).destroy();
  }
}

async function readText(login: PreparedLogin, response: RawResponse, header: LoginResponse['header']): Promise<string> {
  const { body, status } = response;
  const problem = problemOf(status, header);
  if (typeof body === 'string' && problem === undefined) return body;
  const text = typeof body === 'string' || problem !== undefined ? undefined : await readBody(body, maxBody);
  if (text !== undefined) return text;
  // The rest of the body is not read: the connection is closed, and whatever error that causes is of no interest.
  if (typeof body !== 'string') body.on('error', () => undefined).destroy();
  throw errorInOwnWords({
    code: 'BAD_RESPONSE',
    provider: login.provider,
    vendorStatus: status,
    message: `${login.provider}: ${login.title} ${problem ?? tooLarge}`,
  });
}

const tooLarge = 'returned more than 1 MiB: check baseUrl';

/** Why the head of a response shows that it cannot be the response to a login. */
function problemOf(status: number, header: LoginResponse['header']): string | undefined {
  if (status >= 300 && status < 400) {
    return `returned a redirect (HTTP ${status}), not followed: set baseUrl to the address of the API itself`;
  }
  if (isEncoded(header)) return 'returned a compressed body, which was not asked for: check the proxy';
  return isTooLong(header) ? tooLarge : undefined;
}

/** RFC 9110, section 8.4: a list of codings, whose elements may be empty. */
function isEncoded(header: LoginResponse['header']): boolean {
  const codings = (header('content-encoding') ?? '').toLowerCase().split(',');
  return codings.some((coding) => coding.trim() !== '' && coding.trim() !== 'identity');
}

function isTooLong(header: LoginResponse['header']): boolean {
  return Number(header('content-length') ?? 0) > maxBody;
}

/** The text of a body (UTF-8); undefined as soon as it exceeds `limit` bytes. */
async function readBody(body: AsyncIterable<unknown>, limit: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of body) {
    if (!isUint8Array(chunk)) throw new TypeError('not bytes');
    size += chunk.byteLength;
    if (size > limit) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads one header; several values of it are joined. */
function headerReader(headers: RawHeaders): LoginResponse['header'] {
  return (name) => {
    const value = headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  };
}

/** What the head of a response tells. `now` is the vendor's time in epoch milliseconds. */
function readHead(headers: RawHeaders, now: number): Pick<LoginResponse, 'header' | 'cookie' | 'retryAfter'> {
  const header = headerReader(headers);
  const setCookie = [headers['set-cookie'] ?? []].flat();
  return { header, cookie: (name) => findCookie(setCookie, name, now), ...retryAfterOf(header, now) };
}

/** No vendor has a reason to ask for more. */
const longestPause = 3_600_000;

/** RFC 9110, section 10.2.3: seconds, or an HTTP-date, which is compared with the response's own `Date` if there is one. At most an hour. */
function retryAfterOf(header: LoginResponse['header'], now: number): { retryAfter?: number } {
  const value = header('retry-after')?.trim();
  if (value === undefined || value === '') return {};
  if (/^\d+$/.test(value)) return { retryAfter: Math.min(Number(value) * 1_000, longestPause) };
  const until = parseHttpDate(value, now);
  if (until === undefined) return {};
  const date = parseHttpDate(header('date') ?? '', now) ?? now;
  return { retryAfter: Math.min(Math.max(0, until - date), longestPause) };
}
