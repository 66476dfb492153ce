import type { Dispatcher } from 'undici';

import type { AccessToken } from '../access-token.ts';
import { type ClockProbe, probeVendorClock } from '../provider-internals.ts';
import { isReplayableBody, watchBody } from './body.ts';
import { type PrefixDecoder, prefixDecoder } from './decode.ts';
import { HeldResponse } from './held-response.ts';
import { announcedLength, BodyJudge, hasJsonBody, HeadProbe, type Judging, passesFirstLook, type ReceivedHeaders } from './judge.ts';
import type { OnUnreplayable } from './options.ts';
import { decide, PassThroughHandler, type RejectedRequest, renewInBackground, waitsForToken } from './rejected-request.ts';
import { asError, type Controller, type Handler, ResponseRelay, type UpgradedSocket } from './relay.ts';
import {
  copyDeeply,
  copyRequest,
  type OwnRequest,
  type PlainHeaders,
  type RequestOptions,
  setsAny,
  type TokenHeaders,
  withToken,
} from './request.ts';

/** What all requests through one interceptor share. */
export interface InterceptorContext extends Judging {
  readonly onUnreplayable: OnUnreplayable;
  readonly dispatch: Dispatcher.Dispatch;
  readonly isUndici8: boolean;
}

/**
 * Where a request is. `passing`: what comes goes straight on, at first and once the response was judged good. `judging`: its response is held back until
 * it is known whether it rejects the token. `rejected`: it does, and a new token was asked for. `repeating`: the request was sent once more.
 */
type Phase = 'passing' | 'judging' | 'rejected' | 'repeating';

/**
 * Sends one request with a token and judges the response. It goes on unchanged; or else the token was rejected, a new one is asked for, and the
 * request is sent once more.
 */
export class AuthHandler extends ResponseRelay implements Handler {
  readonly #context: InterceptorContext;
  /** The request, without the token: our own copy, as of the moment that it was given. */
  #request: OwnRequest;
  #token: AccessToken | undefined;
  #clockProbe: ClockProbe | undefined;
  /** Every URL that the request was sent to, the first one included, as undici's redirect handlers list them. */
  #visited: readonly unknown[] | undefined;
  #phase: Phase = 'passing';
  /** The head of the response that is being judged. */
  #head: HeadProbe | undefined;
  /** The response, where the first look was not enough, or it is a rejection. */
  #held: HeldResponse | undefined;
  #judge: BodyJudge | undefined;
  #waiting: AbortController | undefined;

  constructor(context: InterceptorContext, options: RequestOptions, headers: PlainHeaders, handler: Handler) {
    super(handler);
    this.#context = context;
    this.#request = copyRequest(options, headers);
  }

  /** Sends the request with this token. `callerSetsNone`: the caller sets none of its headers; otherwise, where it does, the request goes without it. */
  send(token: AccessToken, callerSetsNone: boolean): boolean {
    const tokenHeaders = this.#context.provider.requestHeaders(token);
    if (!callerSetsNone && setsAny(this.#request.headers, Object.keys(tokenHeaders))) {
      return this.#context.dispatch({ ...this.#request }, new PassThroughHandler(this));
    }
    this.#token = token;
    this.#clockProbe = probeVendorClock(this.#context.provider);
    return this.#dispatch(tokenHeaders, this);
  }

  #dispatch(tokenHeaders: TokenHeaders, handler: Handler): boolean {
    return this.#context.dispatch(withToken(this.#request, tokenHeaders, this.#context.isUndici8), handler);
  }

  /** Sends the request once the provider has a token; until then it can only be aborted. */
  sendAfterLogin(callerSetsNone: boolean): void {
    try {
      this.start({});
    } catch (error) {
      return this.fail(asError(error));
    }
    if (this.finished) return;
    this.#request = copyDeeply(this.#request, this.#request.headers);
    const stopWatching = watchBody(this.#request.body, (error) => this.breakOff(error));
    void this.#requestToken(undefined, (token) => this.send(token, callerSetsNone)).finally(stopWatching);
  }

  onRequestStart(controller: Controller, context: { readonly history?: readonly unknown[] } | null): void {
    this.#visited = context?.history;
    this.connect(controller, context);
  }

  onResponseStarted(): void {
    this.handler.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    this.handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.handler.onRequestSent?.();
  }

  onRequestUpgrade(_controller: Controller, status: number, headers: ReceivedHeaders, socket: UpgradedSocket): void {
    this.upgrade(status, headers, socket);
  }

  onResponseStart(_controller: Controller, status: number, headers: ReceivedHeaders, message?: string): void {
    if (status < 200 || !this.#carriedToken()) return this.respond(status, headers, message);
    const head = new HeadProbe(status, headers, message);
    this.#clockProbe?.(head);
    const verdict = this.#context.provider.isRejection(head);
    if (verdict === true) this.#renewAndRepeat(new HeldResponse(head));
    else if (verdict === 'need-body' && hasJsonBody(this.#request.method, status, head.contentType)) this.#judgeBodyOf(head);
    else this.respond(status, headers, message);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#phase === 'passing') return this.data(chunk);
    if (this.#head !== undefined && this.#held === undefined) {
      if (passesFirstLook(this.#context, this.#head, chunk)) return this.#pass(this.#head, chunk);
      this.#hold(this.#head, null);
    }
    this.#held?.add(chunk);
    this.#judge?.added(chunk.length);
  }

  onResponseEnd(_controller: Controller, trailers: ReceivedHeaders): void {
    if (this.#phase === 'passing') return this.end(trailers);
    if (this.#head !== undefined && this.#held === undefined) this.#hold(this.#head, null);
    this.#held?.end(trailers);
    this.#judge?.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    if (this.#phase === 'repeating') return;
    if (this.#phase === 'passing' || this.brokenOff) return this.failSource(error);
    if (this.#head !== undefined && this.#held === undefined) this.#held = new HeldResponse(this.#head);
    if (this.#held === undefined || this.#held.error !== undefined) return;
    this.#held.fail(error);
    if (this.#phase === 'judging') this.#letGo(this.#held);
  }

  protected override stopWaiting(): void {
    this.#judge?.cancel();
    this.#held?.cancel();
    this.#waiting?.abort();
  }

  get #wasRedirected(): boolean {
    return this.#visited !== undefined && this.#visited.length > 1;
  }

  /** Whether the answer is one to the token: redirect handlers drop it where the origin changes, and be it in spelling. */
  #carriedToken(): boolean {
    if (this.#visited === undefined || this.#visited.length < 2) return true;
    const { origin } = this.#request;
    return this.#visited.every((url) => url instanceof URL && url.origin === origin);
  }

  /** A plain body is judged by its first chunk, which for most answers is all it takes; an encoded one has to be kept and decoded. */
  #judgeBodyOf(head: HeadProbe): void {
    const encoding = head.contentEncoding;
    const decode = encoding === undefined ? null : prefixDecoder(encoding);
    if (decode === undefined) return this.respond(head.status, head.headers, head.message);
    this.#phase = 'judging';
    this.#head = head;
    if (decode !== null) this.#hold(head, decode);
  }

  #pass(head: HeadProbe, chunk: Buffer): void {
    this.#phase = 'passing';
    this.#head = undefined;
    this.respondWith(head, chunk);
  }

  #hold(head: HeadProbe, decode: PrefixDecoder | null): void {
    const held = new HeldResponse(head);
    this.#held = held;
    this.#judge = new BodyJudge({
      provider: this.#context.provider,
      head,
      chunks: held.chunks,
      decode,
      length: announcedLength(head),
      decided: (rejected) => (rejected ? this.#renewAndRepeat(held) : this.#letGo(held)),
      failed: (error) => this.breakOff(asError(error)),
    });
  }

  /** Passes on what was held back, and the rest as it comes. */
  #letGo(held: HeldResponse): void {
    held.cancel();
    this.#judge?.cancel();
    this.#judge = undefined;
    this.#head = undefined;
    this.#held = undefined;
    this.#phase = 'passing';
    this.release(held);
  }

  #renewAndRepeat(held: HeldResponse): void {
    this.#phase = 'rejected';
    this.#judge = undefined;
    this.#held = held;
    const { provider, onUnreplayable } = this.#context;
    const { body, method } = this.#request;
    const rejected = this.#token;
    const hasReplayableBody = isReplayableBody(body);
    const request: RejectedRequest = { provider, onUnreplayable, rejected, method, hasReplayableBody, wasRedirected: this.#wasRedirected };
    if (!waitsForToken(request)) {
      renewInBackground(request);
      return this.#letGo(held);
    }
    held.drain(() => {
      held.fail(new Error('The rest of the rejection was dropped: its connection was needed for the login'));
      this.#dropSource();
    });
    void this.#requestToken(rejected, (token) => {
      if (decide(token, request) === 'return the rejection') return this.#letGo(held);
      // A pool takes a connection for busy until this turn of the event loop is over.
      held.whenSettled(() => setImmediate(() => this.#repeat(token)));
    });
  }

  #repeat(token: AccessToken): void {
    if (this.finished) return;
    this.#phase = 'repeating';
    try {
      this.#dispatch(this.#context.provider.requestHeaders(token), new PassThroughHandler(this));
    } catch (error) {
      this.fail(asError(error));
    }
  }

  async #requestToken(rejected: AccessToken | undefined, proceed: (token: AccessToken) => unknown): Promise<void> {
    this.#waiting = new AbortController();
    try {
      const token = await this.#context.provider.getToken({ rejected, signal: this.#waiting.signal });
      this.#waiting = undefined;
      if (!this.finished) proceed(token);
    } catch (error) {
      this.#waiting = undefined;
      this.#dropSource();
      this.fail(asError(error));
    }
  }

  #dropSource(): void {
    this.disconnect(new Error('The token was rejected'));
  }
}
