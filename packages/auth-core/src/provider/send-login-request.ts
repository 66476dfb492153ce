import { type Dispatcher, errors, request, type RetryHandler } from 'undici';

import { AuthError } from '../auth-error.ts';
import { type LoginContext, loginRequest, outsideLogin, type ScopedLogin } from '../token-provider.ts';
import { exchangeError, printUrl } from './exchange-error.ts';
import type { LoginRequest, LoginResponse } from './login-exchange.ts';
import { readBody } from './read-body.ts';

/** A login answers with a few hundred bytes; more than this is no login's answer. */
const maxBody = 1_048_576;

/**
 * Sends one login request and reads its answer: one exchange, never repeated, never redirected, its body at most 1 MiB (an announced oversize is
 * refused at once). It uses the context's dispatcher or undici's global one and ends when the context's signal fires. Tells the
 * context what the vendor's clock said.
 *
 * @throws AuthError `NETWORK` or `TIMEOUT` where no answer came through, `BAD_RESPONSE` where it is no answer to a login (a redirect, too large,
 * compressed though that was not asked for, not HTTP), `CONFIG` where the request cannot be sent at all.
 */
export async function sendLoginRequest(login: LoginRequest, context: LoginContext): Promise<LoginResponse> {
  const sent = context.now();
  try {
    const answer = await exchange(login, context);
    const header = (name: string): string | undefined => singleValue(answer.headers[name]);
    context.reportDate?.(header('date'), context.now() - sent);
    const text = await readAnswer(login, answer, header);
    return { status: answer.status, header, text, ...retryAfterOf(header, context.now()) };
  } catch (error) {
    throw error instanceof AuthError ? error : exchangeError(error, login, context.signal);
  }
}

/** The head of an answer, and its body: still to be read, or already there. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Dispatcher.ResponseData['body'] | string;
}

async function exchange(login: LoginRequest, context: LoginContext & ScopedLogin): Promise<Answer> {
  try {
    const send = () => request(login.url, requestOptions(login, context));
    const leave = context[outsideLogin] ?? ((run: typeof send) => run());
    const { statusCode, headers, body } = await leave(send);
    return { status: statusCode, headers, body };
  } catch (error) {
    return answerInError(error);
  }
}

function requestOptions(login: LoginRequest, context: LoginContext): LoginRequestOptions {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity', ...login.headers },
    body: JSON.stringify(login.body),
    signal: context.signal,
    ...(context.dispatcher === undefined ? {} : { dispatcher: context.dispatcher }),
    // An application's dispatcher may follow redirects or repeat requests; with a password none of it may happen.
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
 * For `interceptors.retry`. Without a list of statuses it passes every answer on as it is, with its `Retry-After`, and an application's own
 * `retry` function, which is not bound by `maxRetries`, is not asked.
 */
const neverRetry: RetryHandler.RetryOptions = {
  maxRetries: 0,
  statusCodes: [],
  retry: (error, _context, done) => done(error),
};

/** An application's dispatcher may throw on a status (`interceptors.responseError`); that is an answer all the same, not a failed connection. */
function answerInError(error: unknown): Answer {
  if (!(error instanceof errors.ResponseError)) throw error;
  const { statusCode, headers, body } = error;
  const known = typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? headers : {};
  return { status: statusCode, headers: known, body: typeof body === 'string' ? body : JSON.stringify(body ?? null) };
}

async function readAnswer(login: LoginRequest, answer: Answer, header: LoginResponse['header']): Promise<string> {
  const { body, status } = answer;
  const problem = notALoginAnswer(status, header);
  if (typeof body === 'string' && problem === undefined) return body;
  const text = typeof body === 'string' || problem !== undefined ? undefined : await readBody(body, maxBody);
  if (text !== undefined) return text;
  // Nobody reads on: the connection ends here, and so may the body, in whatever way it likes.
  if (typeof body !== 'string') body.on('error', () => undefined).destroy();
  throw new AuthError({
    code: 'BAD_RESPONSE',
    provider: login.provider,
    status,
    message: `${login.provider}: ${printUrl(login.url)} ${problem ?? tooLarge}`,
  });
}

const tooLarge = 'answered with more than 1 MiB; the answer to a login is a few hundred bytes';

/** What makes an answer useless before its body is read. */
function notALoginAnswer(status: number, header: LoginResponse['header']): string | undefined {
  if (status >= 300 && status < 400) {
    return `answered with a redirect (${status}), which is never followed with a password. Set the URL to where the API really is`;
  }
  const encoding = header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return 'answered with a compressed body, though it was asked for a plain one';
  return Number(header('content-length') ?? 0) > maxBody ? tooLarge : undefined;
}

/** RFC 9110, section 10.2.3: seconds, or an instant, which is taken from the answer's own `Date` where it has one. */
function retryAfterOf(header: LoginResponse['header'], now: number): { retryAfter?: number } {
  const value = header('retry-after')?.trim();
  if (value === undefined || value === '') return {};
  if (/^\d+$/.test(value)) return Number.isSafeInteger(Number(value) * 1_000) ? { retryAfter: Number(value) * 1_000 } : {};
  // All three forms of an HTTP-date begin with a weekday; `Date.parse` alone would also make something of "-5" and "1.5".
  const until = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  const date = Date.parse(header('date') ?? '');
  return Number.isNaN(until) ? {} : { retryAfter: Math.max(0, until - (Number.isNaN(date) ? now : date)) };
}

function singleValue(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
