import { parseHttpDate } from '../http-date.ts';
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
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Reads one header; several values of it are joined. */
export function headerReader(headers: RawHeaders): LoginResponse['header'] {
  return (name) => {
    const value = headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  };
}

/** What the head of a response tells. `now` is the vendor's time in epoch milliseconds. */
export function readHead(headers: RawHeaders, now: number): Pick<LoginResponse, 'header' | 'cookie' | 'retryAfter'> {
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
