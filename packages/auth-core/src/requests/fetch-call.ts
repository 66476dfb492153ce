import { isReplayableBody, snapshotBody } from './body.ts';
import { isRemovedAbroad, mergeCookies, setsAny, type TokenHeaders } from './request.ts';

/** What `fetch` was called with. */
export interface FetchArguments {
  readonly input: string | Request;
  readonly init: RequestInit | null | undefined;
}

/** What becomes of redirects. */
type RedirectMode = NonNullable<RequestInit['redirect']>;

/** One further request of a call that is redirected. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  /** False where the redirect turned the request into one without a body. */
  readonly keepsBody: boolean;
  /** Whether the call has left its origin: credentials do not go along, also not on the way back. */
  readonly isAbroad: boolean;
}

/** One call of `fetch` that can be made with different tokens. */
export interface FetchCall {
  readonly url: string;
  readonly method: string;
  readonly redirect: RedirectMode;
  readonly signal: AbortSignal | undefined;
  /** Whether there is a body. */
  readonly hasBody: boolean;
  /** Whether its body can be sent a second time. */
  readonly hasReplayableBody: boolean;
  /** Whether the caller sets one of these headers. A cookie does not count: the token's is added to it. */
  setsAny(names: readonly string[]): boolean;
  /** Makes it; without a token where the caller has its own. */
  send(fetch: typeof globalThis.fetch, tokenHeaders?: TokenHeaders, redirect?: RedirectMode): Promise<Response>;
  /** Goes on with it where a redirect leads. */
  sendHop(fetch: typeof globalThis.fetch, tokenHeaders: TokenHeaders, hop: Hop): Promise<Response>;
  /** It failed: a stream that was to be its body and was not sent ends, as fetch itself would end it. That of a Request stays, to be used again. */
  giveUp(reason: unknown): void;
  /** Releases what was kept for a second time. */
  close(): void;
}

/**
 * Prepares a call. It is made as of now, however late it is sent: headers are read once, since they may be one-shot, and a body that its caller may
 * change is copied. Of a Request with a body a clone is kept until `close`. A call that sets one of the headers `names` is not going to be repeated.
 */
export function prepareFetch({ input, init }: FetchArguments, names: readonly string[] | undefined): FetchCall {
  const request = typeof input === 'string' ? undefined : input;
  const headers = copyHeaders(init?.headers === undefined ? request?.headers : init.headers);
  const isLeftAlone = names !== undefined && setsAny(headers, names);
  const body = init?.body ?? undefined;
  const hasOwnBody = body === undefined && hasFreshBody(request);
  let spare = hasOwnBody && !isLeftAlone ? cloneOf(request) : undefined;
  const members = readMembers(request, init);
  if (body !== undefined && !isLeftAlone) members.body = snapshotBody(body);
  // Some releases of Node's fetch would have to send a body again to answer a 401 with credentials of their own, and fail where it is a stream.
  if (body instanceof ReadableStream) members.credentials ??= 'omit';
  let sent = false;

  /** Where redirects are followed here, a clone stays: the next hop may have to send the body once more. */
  function nextInput(keepsClone: boolean): string | Request {
    if (!sent || spare === undefined) return input;
    const next = spare;
    spare = keepsClone ? cloneOf(next) : undefined;
    return next;
  }

  return {
    url: typeof input === 'string' ? input : input.url,
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    redirect: init?.redirect ?? request?.redirect ?? 'follow',
    signal: (init?.signal === undefined ? request?.signal : init.signal) ?? undefined,
    hasBody: body !== undefined || hasOwnBody,
    hasReplayableBody: hasOwnBody ? spare !== undefined : isReplayableBody(body),
    setsAny: (some) => setsAny(headers, some),
    send: (fetch, tokenHeaders, redirect) => {
      const next = nextInput(redirect === 'manual');
      sent = true;
      return fetch(next, { ...members, headers: withToken(headers, tokenHeaders), ...(redirect === undefined ? {} : { redirect }) });
    },
    sendHop: async (fetch, tokenHeaders, { url, method, keepsBody, isAbroad }) => {
      const { body: _, ...others } = { ...membersOf(request), ...members };
      const sentOn = keepsBody ? { body: members.body ?? (await spare?.clone().arrayBuffer()) ?? null } : {};
      return fetch(url, {
        ...others,
        ...sentOn,
        method,
        redirect: 'manual',
        headers: headersOn(headers, tokenHeaders, keepsBody, isAbroad),
      });
    },
    giveUp: (reason) => {
      if (!sent && body instanceof ReadableStream) body.cancel(reason).catch(() => undefined);
    },
    close: () => {
      // Some fetches have bodies of another kind, which hold nothing back.
      const rest: Partial<ReadableStream> | null | undefined = spare?.body;
      // Not waited for: the cancellation of one branch ends with the other branch only.
      rest?.cancel?.().catch(() => undefined);
    },
  };
}

/** What fetch reads of its second argument; `dispatcher` is undici's. */
const memberNames = [
  'method',
  'body',
  'redirect',
  'signal',
  'duplex',
  'keepalive',
  'referrer',
  'referrerPolicy',
  'mode',
  'credentials',
  'cache',
  'integrity',
  'priority',
  'window',
  'dispatcher',
];

/** A copy of what a fetch would read, inherited getters included: a Request makes a second argument, too. */
function readMembers(request: Request | undefined, init: RequestInit | null | undefined): RequestInit {
  const members: Record<string, unknown> = { ...init };
  for (const name of isPlain(init) ? [] : memberNames) {
    const value: unknown = init ? Reflect.get(init, name) : undefined;
    if (value !== undefined) members[name] = value;
  }
  if (request === undefined || Object.values(members).some((value) => value !== undefined)) return members;
  // Given along with anything else, a Request forgets where it comes from.
  return { referrer: request.referrer, referrerPolicy: request.referrerPolicy };
}

/** What of a Request goes on over a redirect. */
function membersOf(request: Request | undefined): RequestInit {
  if (request === undefined) return {};
  const { signal, credentials, keepalive, referrerPolicy } = request;
  return { signal, credentials, keepalive, referrerPolicy };
}

/** What some fetches call a clone is the request itself: it cannot be sent twice. */
function cloneOf(request: Request): Request | undefined {
  const clone = request.clone();
  return clone === request ? undefined : clone;
}

function hasFreshBody(request: Request | undefined): request is Request {
  return request !== undefined && request.body !== null && !request.bodyUsed;
}

/** Whether a spread copies all of it. */
function isPlain(value: unknown): boolean {
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
}

/**
 * Headers as a plain object, which survives every wrapper that copies headers with a spread. What is one already keeps its names as they are: the fetch
 * that gets them reads them in the same way.
 */
function copyHeaders(headers: RequestInit['headers']): Record<string, string> {
  if (!isPlain(headers) || Symbol.iterator in Object(headers)) return Object.fromEntries(new Headers(headers));
  // A plain object without an iterator is a record. Of a value that is no text fetch makes one: also `undefined` is a header that is set.
  const copy = { ...(headers as Record<string, string>) };
  return Object.values(copy).every((value) => typeof value === 'string') ? copy : Object.fromEntries(new Headers(copy));
}

function withToken(headers: Record<string, string>, tokenHeaders: TokenHeaders = {}): Record<string, string> {
  if (tokenHeaders['cookie'] === undefined) return { ...headers, ...tokenHeaders };
  const given = new Headers(headers);
  const cookie = mergeCookies([given.get('cookie') ?? ''], tokenHeaders['cookie']);
  return { ...Object.fromEntries(given), ...tokenHeaders, cookie };
}

/** Headers that describe a body: they go with it. */
const bodyHeaders = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];

function headersOn(
  headers: Record<string, string>,
  tokenHeaders: TokenHeaders,
  keepsBody: boolean,
  isAbroad: boolean,
): Record<string, string> {
  const all = [...new Headers(withToken(headers, isAbroad ? {} : tokenHeaders))];
  const kept = all.filter(([name]) => (keepsBody || !bodyHeaders.includes(name)) && !(isAbroad && isRemovedAbroad(name)));
  return Object.fromEntries(kept);
}
