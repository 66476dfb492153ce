import type { Dispatcher } from 'undici';

/** A request as undici's interceptors see it. */
export type RequestOptions = Dispatcher.DispatchOptions;

/** Headers that can be read more than once: an object, or names and values in turn. */
export type PlainHeaders = Record<string, number | string | string[] | undefined> | string[];

/**
 * Request headers in a shape that can be read twice. Objects and flat arrays stay what they are; whatever has to be iterated (Headers, a
 * Map, pairs, a generator) is read exactly once, into an object. Undefined = no shape that undici knows.
 *
 * @throws TypeError where what is iterated is no pairs.
 */
export function plainHeaders(headers: RequestOptions['headers']): PlainHeaders | undefined {
  if (headers === undefined || headers === null) return {};
  if (typeof headers !== 'object') return undefined;
  if (Array.isArray(headers)) return Array.isArray(headers.at(0)) ? collect(headers) : headers;
  return isIterable(headers) ? collect(headers) : headers;
}

/** As undici judges it: an iterator that somebody put on `Object.prototype` makes no iterable. */
function isIterable(headers: object): headers is Iterable<unknown> {
  // Looked up, which is several times faster than asked for with `in`.
  const { [Symbol.iterator]: iterator }: { [Symbol.iterator]?: unknown } = headers;
  if (iterator === undefined) return false;
  const prototype: unknown = Object.getPrototypeOf(headers);
  const inherits = prototype !== Object.prototype && prototype !== null;
  return inherits || Object.hasOwn(headers, Symbol.iterator);
}

/** An object and no flat array, since interceptors that come after ours may spread it. */
function collect(pairs: Iterable<unknown>): PlainHeaders {
  const collected = new Map<string, unknown>();
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError('headers: expected pairs of name and value');
    const [name, value]: unknown[] = pair;
    if (value === undefined) continue;
    const text = String(name);
    // A name that comes again adds a value, which is what a list means in an object.
    collected.set(text, collected.has(text) ? [collected.get(text), value].flat() : value);
  }
  // Values go on as they are: undici checks them.
  return Object.fromEntries(collected) as PlainHeaders;
}

/** Whether the caller sets one of these headers; undici takes a value of undefined for no header. A cookie does not count: the token's is added to it. */
export function setsAny(headers: PlainHeaders, names: readonly string[]): boolean {
  if (Array.isArray(headers)) return headers.some((name, at) => at % 2 === 0 && headers[at + 1] !== undefined && isOneOf(names, name));
  for (const name in headers) {
    if (headers[name] !== undefined && isOneOf(names, name) && Object.hasOwn(headers, name)) return true;
  }
  return false;
}

/** Names in flat arrays may be bytes. */
function isOneOf(names: readonly string[], name: { readonly length: number; toString(): string }): boolean {
  // A loop: a call for each of a request's headers would cost more than the comparison.
  for (const one of names) {
    if (one.length === name.length && one !== 'cookie' && one === name.toString().toLowerCase()) return true;
  }
  return false;
}

/** Headers that carry a token, by lower-case name. */
export type TokenHeaders = Readonly<Record<string, string>>;

/** The headers with the token's; the given ones are not changed. */
function withTokenHeaders(headers: PlainHeaders, tokenHeaders: TokenHeaders): PlainHeaders {
  if (tokenHeaders['cookie'] !== undefined) return withCookie(headers, tokenHeaders, tokenHeaders['cookie']);
  return Array.isArray(headers) ? [...headers, ...Object.entries(tokenHeaders).flat()] : { ...headers, ...tokenHeaders };
}

function withCookie(headers: PlainHeaders, tokenHeaders: TokenHeaders, tokenCookie: string): PlainHeaders {
  const entries = Array.isArray(headers) ? pairsOf(headers) : Object.entries(headers);
  const isCookie = ([name]: readonly [string, unknown]): boolean => name.toLowerCase() === 'cookie';
  const given = entries.filter(isCookie).flatMap(([, value]) => value ?? []);
  const others = entries.filter((entry) => !isCookie(entry));
  return collect([...others, ...Object.entries({ ...tokenHeaders, cookie: mergeCookies(given.map(String), tokenCookie) })]);
}

/** Names and values in flat arrays may be bytes. */
function pairsOf(headers: readonly { toString(): string }[]): [string, string | undefined][] {
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name.toString(), headers[at + 1]?.toString()]] : []));
}

/** The caller's cookies and the token's (RFC 6265, section 4.2.1); where both have one of the same name, the token's counts. */
export function mergeCookies(given: readonly string[], tokenCookie: string): string {
  const nameOf = (pair: string): string => pair.split('=', 1)[0]?.trim() ?? '';
  const pairs = (cookie: string): string[] => cookie.split(';').map((pair) => pair.trim());
  const names = new Set(pairs(tokenCookie).map(nameOf));
  const kept = given.flatMap(pairs).filter((pair) => pair !== '' && !names.has(nameOf(pair)));
  return [...kept, tokenCookie].join('; ');
}

/** A request of which nobody else can change what is read when it is sent. */
export type OwnRequest = RequestOptions & { headers: PlainHeaders };

/** A request as of now, for one that has to wait: its caller may go on to change what it gave, lists included. */
export function copyDeeply(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  return copyWith(options, Array.isArray(headers) ? [...headers] : copyLists(headers));
}

/** A request as of now, for one that undici reads at once; interceptors further in may change what they get. */
export function copyRequest(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  return copyWith(options, Array.isArray(headers) ? [...headers] : { ...headers });
}

function copyWith(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  const copy = { ...options, headers };
  if (typeof copy.origin === 'object') copy.origin = copy.origin.origin;
  if (typeof copy.query === 'object' && copy.query !== null) copy.query = copyLists(copy.query);
  return copy;
}

/** A copy in which lists are copies, too. */
function copyLists<Value>(record: Record<string, Value>): Record<string, Value> {
  const copy = { ...record };
  // A copy of a list is of the list's type.
  for (const [name, value] of Object.entries(copy)) if (Array.isArray(value)) copy[name] = [...value] as Value;
  return copy;
}

/** What keeps a header from going along over a redirect to another origin. */
interface RedirectOptions {
  maxRedirections?: 0;
  stripHeadersOnCrossOriginRedirect?: readonly string[];
}

/**
 * The request as it is sent with a token. On a redirect to another origin undici removes the usual credential headers and no other: for a token in another
 * header, undici 8 is told its name; undici 7 cannot be told, so there nobody further in follows a redirect, and the 3xx is returned.
 */
export function withToken(request: OwnRequest, tokenHeaders: TokenHeaders, isUndici8: boolean): RequestOptions {
  const headers = withTokenHeaders(request.headers, tokenHeaders);
  if (areRemovedAbroad(tokenHeaders)) return { ...request, headers };
  const names = Object.keys(tokenHeaders).filter((name) => !isRemovedAbroad(name));
  if (!isUndici8) return { ...request, headers, ...({ maxRedirections: 0 } satisfies RedirectOptions) };
  const { stripHeadersOnCrossOriginRedirect: given = [] }: OwnRequest & RedirectOptions = request;
  return { ...request, headers, ...({ stripHeadersOnCrossOriginRedirect: [...given, ...names] } satisfies RedirectOptions) };
}

/** Whether undici and every fetch remove all of these headers from a request on its way to another origin. */
export function areRemovedAbroad(headers: TokenHeaders): boolean {
  for (const name in headers) if (!isRemovedAbroad(name)) return false;
  return true;
}

/** The header names that undici and every fetch remove from a request on its way to another origin. */
export function isRemovedAbroad(name: string): boolean {
  return name === 'authorization' || name === 'cookie' || name === 'proxy-authorization';
}
