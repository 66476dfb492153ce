import { isReplayableBody, snapshotBody } from './body.ts';

/** What `fetch` was called with. */
export interface FetchArguments {
  readonly input: string | Request;
  readonly init: RequestInit | null | undefined;
}

/** One call of `fetch` that can be made with different tokens. */
export interface FetchCall {
  readonly method: string;
  readonly signal: AbortSignal | undefined;
  /** Whether its body can be sent a second time. */
  readonly hasReplayableBody: boolean;
  /** Whether the caller set an `Authorization` of its own. */
  readonly authorized: boolean;
  /** Makes it; without a token where the caller has its own. */
  send(fetch: typeof globalThis.fetch, authorization?: string): Promise<Response>;
  /** It failed: a stream that was to be its body and was not sent ends, as fetch itself would end it. That of a Request stays, to be used again. */
  giveUp(reason: unknown): void;
  /** Releases what was kept for a second time. */
  close(): void;
}

/**
 * Prepares a call. It is made as of now, however late it is sent: headers are read once, since they may be one-shot, and a body that its caller may
 * change is copied. Of a Request with a body a clone is kept until `close`.
 */
export function prepareFetch({ input, init }: FetchArguments): FetchCall {
  const request = typeof input === 'string' ? undefined : input;
  const headers = new Headers(init?.headers === undefined ? request?.headers : init.headers);
  const body = init?.body ?? undefined;
  const authorized = headers.has('authorization');
  const spare = body === undefined && hasFreshBody(request) && !authorized ? request.clone() : undefined;
  const members = readMembers(request, init);
  if (body !== undefined && !authorized) members.body = snapshotBody(body);
  const unsent = spare === undefined ? [] : [input, spare];
  let sent = false;
  return {
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    signal: (init?.signal === undefined ? request?.signal : init.signal) ?? undefined,
    hasReplayableBody: isReplayableBody(body),
    authorized,
    send: (fetch, authorization) => {
      sent = true;
      return fetch(unsent.shift() ?? input, { ...members, headers: withToken(headers, authorization) });
    },
    giveUp: (reason) => {
      if (!sent && body instanceof ReadableStream) body.cancel(reason).catch(() => undefined);
    },
    close: () => {
      // Some fetches have bodies of another kind, which hold nothing back.
      const rest: Partial<ReadableStream> | null | undefined = unsent.length > 0 ? spare?.body : undefined;
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
  for (const name of memberNames) {
    const value: unknown = init ? Reflect.get(init, name) : undefined;
    if (value !== undefined) members[name] = value;
  }
  if (request === undefined || Object.values(members).some((value) => value !== undefined)) return members;
  // Given along with anything else, a Request forgets where it comes from.
  return { referrer: request.referrer, referrerPolicy: request.referrerPolicy };
}

function hasFreshBody(request: Request | undefined): request is Request {
  return request !== undefined && request.body !== null && !request.bodyUsed;
}

/** As pairs, which the fetch of every undici takes. */
function withToken(headers: Headers, authorization: string | undefined): [string, string][] {
  return authorization === undefined ? [...headers] : [...headers, ['authorization', authorization]];
}
