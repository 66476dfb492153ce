import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Dispatcher } from 'undici';

import { type AnswerBody, decodedBody, decoderOf, plainBody } from './answer-body.ts';
import { type Exchange, type Route, tokenHeaderNames } from './exchange.ts';
import { changeValues, passOn } from './headers.ts';
import { rewriteLocation } from './location.ts';
import { errorHeader } from './refusal.ts';

type Controller = Dispatcher.DispatchController;
type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** Hands the vendor's answer to the caller as it comes, no faster than the caller takes it, and without the token. */
export function relayAnswer({ request, response }: Exchange, route: Route, fail: (error: Error) => void): Dispatcher.DispatchHandler {
  let body: AnswerBody;
  return {
    onRequestStart: (controller) => abortWith(response, controller),
    onResponseStart(controller, status, headers) {
      route.mask.learn();
      if (status < 200) return inform(request, response, status, headers, route);
      const encoding = encodingOf(request, status, headers);
      const decoder = encoding === undefined ? undefined : decoderOf(encoding);
      // The vendor was asked for no encoding. What cannot be searched for the token is not handed on.
      if (encoding !== undefined && (decoder === undefined || status === 206)) return controller.abort(unknownEncoding());
      const mask = route.mask.body();
      body = decoder === undefined ? plainBody(response, mask) : decodedBody(response, mask, decoder, fail);
      response.writeHead(
        status,
        callerHeaders(request, headers, route, decoder === undefined ? [] : ['content-encoding', 'content-length']),
      );
      // Together with the first of the body, if that is there by then; a stream may begin much later.
      setImmediate(() => response.flushHeaders());
    },
    onResponseData(controller, chunk) {
      if (body.write(chunk)) return;
      controller.pause();
      body.drained(() => controller.resume());
    },
    onResponseEnd: () => body.end(),
    onResponseError: (_controller, error) => fail(error),
  };
}

/** Nobody is left to answer when the caller's connection closes. */
function abortWith(response: ServerResponse, controller: Controller): void {
  const abort = (): void => controller.abort(new Error('The caller is gone'));
  if (response.destroyed) abort();
  else response.once('close', () => void (response.writableFinished || abort()));
}

/** Node can pass these two on. Callers of HTTP/1.0 know none (RFC 9110, section 15.2). */
function inform(
  { httpVersion }: IncomingMessage,
  response: ServerResponse,
  status: number,
  { link }: AnswerHeaders,
  { mask }: Route,
): void {
  if (httpVersion !== '1.1' || response.headersSent) return;
  if (status === 102) response.writeProcessing();
  if (status !== 103 || link === undefined) return;
  try {
    response.writeEarlyHints({ link: [link].flat().map((each) => mask.text(each)) });
  } catch {
    // Node takes no links but those that it can read. A hint is nothing to fail for.
  }
}

/** How a body is encoded; undefined where it is not, or where there is none. */
function encodingOf({ method }: IncomingMessage, status: number, headers: AnswerHeaders): string | undefined {
  const encoding = String(headers['content-encoding'] ?? 'identity').trim();
  if (method === 'HEAD' || status === 204 || status === 304) return undefined;
  return /^(?:identity)?$/i.test(encoding) ? undefined : encoding;
}

function unknownEncoding(): Error {
  return Object.assign(new Error('The answer is encoded in a way that cannot be undone'), { code: 'UNKNOWN_CONTENT_ENCODING' });
}

function callerHeaders(request: IncomingMessage, headers: AnswerHeaders, { provider, mask }: Route, without: readonly string[]): string[] {
  // A cookie that carries the token is renewed by the vendor in this way.
  const ofToken = tokenHeaderNames(provider).includes('cookie') ? ['set-cookie'] : [];
  const base = provider.baseUrl;
  const places = { base, asked: `${base}${request.url}`, proxy: `http://${request.headers.host}` };
  // undici reads headers as ISO 8859-1, and Node writes them so: the bytes of a file name in UTF-8 stay as they are.
  const all = Object.entries(headers).flatMap(([name, value = []]) => [value].flat().flatMap((each) => [name, each]));
  return changeValues(passOn(all, [errorHeader, ...ofToken, ...without]), (name, value) =>
    mask.text(name === 'location' ? rewriteLocation(value, places) : value),
  );
}
