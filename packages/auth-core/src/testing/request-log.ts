import type { IncomingHttpHeaders } from 'node:http';

import * as v from 'valibot';

import type { ReceivedRequest } from './exchange.ts';

/** A received request without its secrets, safe to print. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The headers, by lower-case name. Of `authorization` only the vendor's scheme is shown. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON or form body, its secret fields hidden; absent if there was none. Of any other body only the size is shown. */
  readonly body?: unknown;
}

/** An exchange that is over. */
export interface LoggedExchange {
  /** The request, without its secrets. */
  readonly request: LoggedRequest;
  /** The HTTP status of the response; absent if there was none. */
  readonly status?: number;
}

/** What a request log must hide. */
export interface Secrets {
  /** The names of JSON fields (at any depth), form fields, query parameters and headers (lower-case) that hold a password or a token. */
  readonly secretFields?: readonly string[] | undefined;
  /** The scheme of the vendor's `Authorization` header (`"esignon"`), the only part of it that is shown. */
  readonly scheme?: string | undefined;
}

/** The schema entries of {@link Secrets}. */
export const secretsEntries = { secretFields: v.optional(v.array(v.string())), scheme: v.optional(v.string()) };

const hidden = '(hidden)';
const credentialHeaders = ['authorization', 'proxy-authorization', 'cookie'];

/** The log entry of a request. */
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
