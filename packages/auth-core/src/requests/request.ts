import type { Dispatcher } from 'undici';

import { type AccessToken, formatAuthorization } from '../access-token.ts';

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

/** Whether the caller set an `Authorization` of its own; undici takes a value of undefined for no header. */
export function hasAuthorization(headers: PlainHeaders): boolean {
  if (Array.isArray(headers)) return headers.some((name, at) => at % 2 === 0 && isAuthorization(name) && headers[at + 1] !== undefined);
  for (const name in headers) {
    if (isAuthorization(name) && headers[name] !== undefined && Object.hasOwn(headers, name)) return true;
  }
  return false;
}

/** Names in flat arrays may be bytes. */
function isAuthorization(name: { readonly length: number; toString(): string }): boolean {
  return name.length === 13 && name.toString().toLowerCase() === 'authorization';
}

/** The headers with one more, or with that one replaced; the given ones are not changed. */
function withAuthorization(headers: PlainHeaders, value: string): PlainHeaders {
  if (!Array.isArray(headers)) return { ...headers, authorization: value };
  const others = hasAuthorization(headers) ? headers.filter((_, at) => !isAuthorization(headers[at - (at % 2)] ?? '')) : headers;
  return [...others, 'authorization', value];
}

/** The headers as they are now. */
export function copyHeaders(headers: PlainHeaders): PlainHeaders {
  return Array.isArray(headers) ? [...headers] : { ...headers };
}

/** A request of which nobody else can change what is read when it is sent. */
export type OwnRequest = RequestOptions & { headers: PlainHeaders };

/** A request as of now. undici reads one at once, so its caller may go on to change what it gave, and interceptors further in may change what they get. */
export function copyRequest(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  return copyWith(options, Array.isArray(headers) ? [...headers] : copyLists(headers));
}

/** A request as it is sent with a token; one that its headers had before is replaced. A copy, too. */
export function withToken(options: RequestOptions, headers: PlainHeaders, token: AccessToken): OwnRequest {
  return copyWith(options, withAuthorization(headers, formatAuthorization(token)));
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
