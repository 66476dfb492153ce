import type { IncomingMessage } from 'node:http';

import type { AllowRule } from './allow.ts';
import type { Refusal } from './refusal.ts';
import { checkTarget } from './target.ts';

/** What a request is measured by. */
export interface Gate {
  /** The names by which the proxy is called, in lower case, with the port: `127.0.0.1:8731`. */
  readonly hosts: ReadonlySet<string>;
  readonly isKey: (shown: string) => boolean;
  /** Empty = every path. */
  readonly allow: readonly AllowRule[];
}

/**
 * Why a request is turned away; undefined if it may pass. The name and the origin come before what is secret: a web page learns nothing but that, whatever else it sends.
 */
export function checkCaller(request: IncomingMessage, gate: Gate): Refusal | undefined {
  return (
    checkVersion(request) ??
    checkHost(request, gate) ??
    checkOrigin(request) ??
    checkKey(request, gate) ??
    checkMethod(request) ??
    checkExpectation(request) ??
    checkFraming(request) ??
    checkPath(request) ??
    checkRules(request, gate)
  );
}

/** Some clients call over HTTP/1.0 by themselves, and name the host. What is older has no headers, and so no key. */
function checkVersion({ httpVersion }: IncomingMessage): Refusal | undefined {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return { status: 400, code: 'BAD_REQUEST', message: 'Send this request over HTTP/1.1.' };
}

/** A page of a foreign name that resolves to 127.0.0.1 (DNS rebinding) calls us by that name. */
function checkHost({ headersDistinct }: IncomingMessage, { hosts }: Gate): Refusal | undefined {
  const [host = '', ...others] = headersDistinct['host'] ?? [];
  if (others.length === 0 && hosts.has(host.toLowerCase())) return undefined;
  return { status: 403, code: 'FOREIGN_HOST', message: `Call this proxy by one of its own names: ${[...hosts].join(', ')}.` };
}

/** Programs send no `Origin`; browsers do, and no page may use the account. */
function checkOrigin({ headers }: IncomingMessage): Refusal | undefined {
  if (headers.origin === undefined) return undefined;
  return {
    status: 403,
    code: 'BROWSER',
    message: 'Requests with an Origin header are refused: this proxy is for programs, not for web pages.',
  };
}

function checkKey({ headersDistinct }: IncomingMessage, { isKey }: Gate): Refusal | undefined {
  const { authorization = [] } = headersDistinct;
  const shown = /^bearer +(\S+)$/i.exec(authorization[0] ?? '')?.[1];
  const headers = { 'www-authenticate': 'Bearer realm="vendor-auth"' };
  if (authorization.length !== 1 || shown === undefined)
    return { status: 401, code: 'KEY_REQUIRED', message: 'Send the key of this proxy: Authorization: Bearer <key>.', headers };
  if (isKey(shown)) return undefined;
  return { status: 401, code: 'WRONG_KEY', message: 'This is not the key of this proxy.', headers };
}

/** TRACE would send the token back in its answer. */
function checkMethod({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method === 'TRACE')
    return {
      status: 405,
      code: 'METHOD',
      message: 'TRACE is not passed on.',
      headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' },
    };
  // Some clients offer HTTP/2 with every request, which a server may ignore (RFC 9110, section 7.8).
  if (headers.upgrade === undefined || /^h2c$/i.test(headers.upgrade)) return undefined;
  return { status: 501, code: 'UPGRADE', message: 'Upgrades, such as to WebSocket, are not passed on.' };
}

/** RFC 9110, section 10.1.1. */
function checkExpectation({ headers: { expect } }: IncomingMessage): Refusal | undefined {
  if (expect === undefined || /^100-continue$/i.test(expect)) return undefined;
  return { status: 417, code: 'EXPECTATION', message: 'The only expectation that is met is 100-continue.' };
}

/** Node has refused what is ambiguous. A coding that we do not undo would be lost on the way. */
function checkFraming({ headers }: IncomingMessage): Refusal | undefined {
  const { 'transfer-encoding': coding = 'chunked' } = headers;
  if (coding.toLowerCase() === 'chunked') return undefined;
  return { status: 501, code: 'TRANSFER_CODING', message: 'The only transfer coding that is understood is chunked.' };
}

function checkPath({ url = '' }: IncomingMessage): Refusal | undefined {
  return checkTarget(url);
}

function checkRules({ method = '', url = '' }: IncomingMessage, { allow }: Gate): Refusal | undefined {
  if (allow.length === 0 || allow.some((allows) => allows(method, url))) return undefined;
  return { status: 403, code: 'NOT_ALLOWED_HERE', message: 'This proxy does not pass on this method and path: see its --allow options.' };
}
