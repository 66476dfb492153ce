import * as v from 'valibot';

import type { ReceivedRequest } from './exchange.ts';
import type { LoggedExchange } from './request-log.ts';

/** The schema of a function. */
export const functionSchema = v.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');

/** The schema of a base path. */
const basePathSchema = v.pipe(
  v.string(),
  v.check((path) => path === '' || isNormalPath(path), 'expected a path like /v1, or an empty text'),
);

/** Whether it is spelt as it stands in the URL of a request. */
function isNormalPath(path: string): boolean {
  const text = `http://127.0.0.1${path}`;
  return URL.canParse(text) && new URL(text).pathname === path && !path.endsWith('/');
}

/** The schema entries of the options that every test server takes. */
export const serverOptionEntries = {
  port: v.optional(v.number()),
  now: v.optional(functionSchema),
  basePath: v.optional(basePathSchema),
  onExchange: v.optional(functionSchema),
};

/** The options that every test server takes. */
export interface ServerOptions {
  /** The port on 127.0.0.1. Default: 0 (any free port). */
  readonly port?: number | undefined;
  /** The server's clock, in epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** The path below which the server answers (`"/v1"`); anything else is HTTP 404. Default: an empty text, which is all paths. */
  readonly basePath?: string | undefined;
  /** Called after each exchange, also after one that failed. */
  readonly onExchange?: ((exchange: LoggedExchange) => void) | undefined;
}

/** The request as a server with this base path sees it: its URL is that below the base path. Undefined for one that is not below it. */
export function belowBasePath(request: ReceivedRequest, basePath: string): ReceivedRequest | undefined {
  const { pathname } = request.url;
  if (basePath === '') return request;
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return undefined;
  const url = new URL(request.url);
  url.pathname = pathname.slice(basePath.length);
  return { ...request, url };
}
