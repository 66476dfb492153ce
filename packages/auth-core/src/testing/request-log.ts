import type { IncomingHttpHeaders } from 'node:http';

import type { ReceivedRequest } from './exchange.ts';

/** What came in, secrets left out: fit to be printed. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By lower-case name. Of `authorization` nothing is left but the vendor's scheme. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON or form body, its secret fields hidden; absent = there was none. A body that is neither is left out whole. */
  readonly body?: unknown;
}

/** What a request log must not show. */
export interface Secrets {
  /** Names of JSON fields (at any depth), form fields, query parameters and headers (lower-case) that hold a password or a token. */
  readonly secretFields?: readonly string[];
  /** The scheme of the vendor's `Authorization` header (`"esignon"`): the only part of it that may be shown. */
  readonly scheme?: string;
}

const hidden = '(hidden)';
const credentialHeaders = ['authorization', 'proxy-authorization', 'cookie'];

/** A request as it may be logged. */
export function logRequest(request: ReceivedRequest, { secretFields = [], scheme }: Secrets): LoggedRequest {
  const isSecret = (name: string): boolean => secretFields.includes(name);
  const query = new URLSearchParams(hideParams(request.url.searchParams, isSecret)).toString();
  return Object.freeze({
    method: request.method,
    path: request.url.pathname + (query === '' ? '' : `?${query}`),
    headers: hideHeaders(request.headers, isSecret, scheme),
    ...(request.body === '' ? {} : { body: hideBody(request, isSecret) }),
  });
}

function hideHeaders(
  headers: IncomingHttpHeaders,
  isSecret: (name: string) => boolean,
  scheme: string | undefined,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(headers)) {
    const withScheme = name === 'authorization' && scheme !== undefined && String(value).startsWith(`${scheme} `);
    if (withScheme) shown[name] = `${scheme} ${hidden}`;
    else shown[name] = credentialHeaders.includes(name) || isSecret(name) ? hidden : String(value);
  }
  return shown;
}

function hideParams(params: URLSearchParams, isSecret: (name: string) => boolean): [string, string][] {
  return [...params].map(([name, value]) => [name, isSecret(name) ? hidden : value]);
}

function hideBody({ headers, body }: ReceivedRequest, isSecret: (name: string) => boolean): unknown {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(hideParams(new URLSearchParams(body), isSecret));
  }
  try {
    return JSON.parse(body, (name, value: unknown) => (isSecret(name) ? hidden : value));
  } catch {
    return `(not JSON, ${Buffer.byteLength(body)} bytes)`;
  }
}
