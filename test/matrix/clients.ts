import { authInterceptor, createAuthFetch, isAuthError, type TokenProvider } from '@x/auth-core';
import * as undici8 from 'undici';
import * as undici7 from 'undici7';

/** What a caller gets of a request. */
export type Outcome =
  | { readonly status: number; readonly headers: string; readonly body: string }
  | { readonly error: unknown; readonly told: string };

/** One way to send a request. */
interface Client extends AsyncDisposable {
  readonly name: string;
  /** Without our packages: the token's headers are given. */
  bare(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Outcome>;
  /** With a provider's token. */
  authorized(provider: TokenProvider, url: string, signal: AbortSignal): Promise<Outcome>;
}

/** Opens a client with connections of its own. */
export type OpenClient = (() => Client) & { readonly client: string };

/** The part of undici that is used here, the same in both versions. */
type Undici = Pick<typeof undici8, 'Agent' | 'request'>;

function undiciClient(name: string, undici: Undici): OpenClient {
  const open = (): Client => {
    const agent = new undici.Agent();
    const send = async (dispatcher: undici8.Dispatcher, url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) => {
      const response = await undici.request(url, { dispatcher, headers: { ...headers }, signal });
      // Whoever stops reading breaks the exchange off, which the body reports once more.
      response.body.on('error', () => undefined);
      return read(response.statusCode, Object.entries(response.headers), response.body);
    };
    return {
      name,
      bare: (url, headers, signal) => outcomeOf(send(agent, url, headers, signal), url),
      authorized: (provider, url, signal) => outcomeOf(send(agent.compose(authInterceptor(provider)), url, {}, signal), url),
      [Symbol.asyncDispose]: () => agent.destroy(),
    };
  };
  return Object.assign(open, { client: name });
}

function fetchClient(): OpenClient {
  const send = async (response: Promise<Response>): Promise<Outcome> => {
    const { status, headers, body } = await response;
    return read(status, [...headers], body ?? []);
  };
  const open = (): Client => ({
    name: 'fetch',
    bare: (url, headers, signal) => outcomeOf(send(fetch(url, { headers: { ...headers }, signal })), url),
    authorized: (provider, url, signal) => outcomeOf(send(createAuthFetch(provider)(url, { signal })), url),
    [Symbol.asyncDispose]: async () => undefined,
  });
  return Object.assign(open, { client: 'fetch' });
}

/** More than anybody looks at; what has no end is left there. */
const maxRead = 256 * 1024;

async function read(
  status: number,
  headers: readonly (readonly [name: string, value: unknown])[],
  body: AsyncIterable<unknown> | Iterable<Uint8Array>,
): Promise<Outcome> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('the body is not a stream of bytes');
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxRead) break;
  }
  const text = Buffer.concat(chunks).subarray(0, maxRead).toString('latin1');
  return { status, headers: JSON.stringify(headers.filter(([name]) => name !== 'date')), body: text };
}

/** In words that are the same for two servers that fail in the same way. */
async function outcomeOf(response: Promise<Outcome>, url: string): Promise<Outcome> {
  const { origin } = new URL(url);
  try {
    const outcome = await response;
    return 'error' in outcome ? outcome : { ...outcome, headers: outcome.headers.replaceAll(origin, '') };
  } catch (error) {
    return { error, told: tell(error).replaceAll(origin, '') };
  }
}

function tell(error: unknown): string {
  if (isAuthError(error)) return error.code;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  return `${error.name}${code}: ${error.message}${error.cause === undefined ? '' : `, by ${tell(error.cause)}`}`;
}

export const clients: readonly OpenClient[] = [
  undiciClient('undici 8', undici8),
  // The same surface as far as it is used here; its types are others.
  undiciClient('undici 7', undici7 as unknown as Undici),
  fetchClient(),
];
