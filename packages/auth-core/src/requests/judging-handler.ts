import type { Dispatcher } from 'undici';

import type { AccessToken } from '../access-token.ts';
import type { TokenProvider } from '../token-provider.ts';
import { copyRequest, type OwnRequest, withToken } from './authorized-request.ts';
import { BodyJudge } from './body-judge.ts';
import { type PrefixDecoder, prefixDecoder } from './decode-prefix.ts';
import { decodeText } from './decode-text.ts';
import type { Controller, Handler, ReceivedHeaders, RequestOptions, UpgradedSocket } from './dispatch-types.ts';
import { KeptResponse } from './kept-response.ts';
import type { KnownBeginnings } from './known-beginnings.ts';
import type { OnUnreplayable } from './on-unreplayable.ts';
import { announcedLength, hasJsonBody, HeadProbe, probeBody } from './probe-response.ts';
import { mayRestart, stayedAt, type Visited, wasRedirected } from './redirected.ts';
import { RepeatHandler } from './repeat-handler.ts';
import { isReplayableBody } from './replayable-body.ts';
import { asError, refusalDropped, replayImpossible } from './request-errors.ts';
import { copyHeaders, type PlainHeaders } from './request-headers.ts';
import { ResponseRelay } from './response-relay.ts';
import { watchBody } from './watch-body.ts';

/** What all requests through one interceptor share. */
export interface InterceptorContext {
  readonly provider: TokenProvider;
  readonly onUnreplayable: OnUnreplayable;
  readonly known: KnownBeginnings;
  readonly dispatch: Dispatcher.Dispatch;
}

/**
 * Sends one request with a token and judges the response. It goes on unchanged; or else the token was refused, a new one is asked for, and the
 * request is sent once more.
 */
export class JudgingHandler extends ResponseRelay implements Handler {
  readonly #context: InterceptorContext;
  /** The request and its headers: as the caller gave them, or our own copy from the moment that it waits or was sent. */
  #options: RequestOptions;
  #headers: PlainHeaders;
  #token: AccessToken | undefined;
  #visited: Visited;
  /** The response that is being judged, or was refused; none = everything goes straight on. */
  #kept: KeptResponse | undefined;
  #judge: BodyJudge | undefined;
  /** A head that waits for the first of its body: most answers are judged by that alone. */
  #head: HeadProbe | undefined;
  #waiting: AbortController | undefined;
  #abandoned = false;

  constructor(context: InterceptorContext, options: RequestOptions, headers: PlainHeaders, handler: Handler) {
    super(handler);
    this.#context = context;
    this.#options = options;
    this.#headers = headers;
  }

  /** Sends the request with this token. */
  send(token: AccessToken): boolean {
    this.#token = token;
    const { headers } = this.#own(withToken(this.#options, this.#headers, token));
    return this.#context.dispatch({ ...this.#options, headers: copyHeaders(headers) }, this);
  }

  /** Sends the request once the provider has a token; until then it can only be aborted. */
  sendAfterLogin(): void {
    try {
      this.start({});
    } catch (error) {
      return this.fail(asError(error));
    }
    if (this.finished) return;
    this.#own(copyRequest(this.#options, this.#headers));
    const stopWatching = watchBody(this.#options.body, (error) => this.breakOff(error));
    void this.#whenToken(undefined, (token) => this.send(token)).finally(stopWatching);
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
    const verdict = this.#context.provider.isRejection(head);
    if (verdict === true) this.#refused(this.#keep(head));
    else if (verdict === 'need-body' && hasJsonBody(this.#options.method, status, head.contentType)) this.#awaitBody(head);
    else this.respond(status, headers, message);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#head !== undefined) this.#firstLook(this.#head, chunk);
    else if (this.#judge !== undefined) this.#judge.add(chunk);
    else if (this.#kept === undefined) this.data(chunk);
    else this.#kept.add(chunk);
  }

  onResponseEnd(_controller: Controller, trailers: ReceivedHeaders): void {
    if (this.#head !== undefined) this.#judgeBody(this.#head, null);
    if (this.#kept === undefined) return this.end(trailers);
    this.#kept.end(trailers);
    this.#judge?.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    if (this.#abandoned) return;
    if (this.#head !== undefined) this.#keep(this.#head);
    if (this.brokenOff || this.#kept === undefined) return this.failSource(error);
    const isRefused = this.#judge === undefined && this.#head === undefined;
    this.#kept.fail(error);
    if (!isRefused) this.#letGo(this.#kept);
  }

  protected override stopWaiting(): void {
    this.#judge?.cancel();
    this.#kept?.cancel();
    this.#waiting?.abort();
  }

  #own(request: OwnRequest): OwnRequest {
    this.#options = request;
    this.#headers = request.headers;
    return request;
  }

  /** Whether the answer is one to the token: a request may have been redirected further in. */
  #carriedToken(): boolean {
    return !wasRedirected(this.#visited) || stayedAt(this.#options.origin, this.#visited);
  }

  /** A plain body is judged by its first chunk, which for most answers is all it takes; an encoded one has to be kept and decoded. */
  #awaitBody(head: HeadProbe): void {
    const encoding = head.contentEncoding;
    const decode = encoding === undefined ? null : prefixDecoder(encoding);
    if (decode === null) this.#head = head;
    else if (decode !== undefined) this.#judgeBody(head, decode);
    else this.respond(head.status, head.headers, head.message);
  }

  #firstLook(head: HeadProbe, chunk: Buffer): void {
    if (this.#context.known.has(head.status, chunk) || this.#learn(head, chunk)) {
      this.#head = undefined;
      this.respondWith(head, chunk);
    } else this.#judgeBody(head, null).add(chunk);
  }

  /** Whether the first bytes tell that this is no refusal. */
  #learn(head: HeadProbe, chunk: Buffer): boolean {
    const { provider, known } = this.#context;
    // What depends on the headers, too, says nothing about the next answer that begins like this one.
    const isGood = (length: number): boolean => {
      const probe = probeBody(head, decodeText(chunk, length, false), false);
      return provider.isRejection(probe) === false && !probe.askedForHeaders;
    };
    try {
      return known.learn(head.status, chunk, isGood);
    } catch {
      // The judge will come upon it, too.
      return false;
    }
  }

  #judgeBody(head: HeadProbe, decode: PrefixDecoder | null): BodyJudge {
    const decided = (refused: boolean): void => this.#decided(refused);
    const failed = (error: unknown): void => this.breakOff(asError(error));
    const judge = new BodyJudge({ provider: this.#context.provider, head, decode, length: announcedLength(head), decided, failed });
    this.#keep(head, judge.chunks);
    this.#judge = judge;
    this.#head = undefined;
    return judge;
  }

  #keep(head: HeadProbe, chunks: Buffer[] = []): KeptResponse {
    this.#kept = new KeptResponse(head, chunks);
    return this.#kept;
  }

  #decided(refused: boolean): void {
    this.#judge = undefined;
    if (this.#kept === undefined) return;
    if (refused) this.#refused(this.#kept);
    else this.#letGo(this.#kept);
  }

  /** Passes on what was kept back, and the rest as it comes. */
  #letGo(kept: KeptResponse): void {
    kept.cancel();
    this.#judge?.cancel();
    this.#judge = undefined;
    this.#head = undefined;
    this.#kept = undefined;
    this.release(kept);
  }

  #refused(kept: KeptResponse): void {
    const { provider, onUnreplayable } = this.#context;
    const rejected = this.#token;
    const { body, method } = this.#options;
    const redirected = wasRedirected(this.#visited) && !mayRestart(method);
    const replayable = isReplayableBody(body) && !redirected;
    if (!replayable && onUnreplayable === 'response') {
      // For the next requests; how it ends is theirs to see.
      provider.getToken({ rejected }).catch(() => undefined);
      return this.#letGo(kept);
    }
    kept.takeIn(() => {
      this.#abandon();
      kept.fail(refusalDropped());
    });
    void this.#whenToken(rejected, (token) => {
      if (token.value === rejected?.value) return this.#letGo(kept);
      if (!replayable) throw replayImpossible(provider, redirected);
      // A pool takes a connection for busy until this turn of the event loop is over.
      kept.whenGone(() => setImmediate(() => this.#repeat(token)));
    });
  }

  #repeat(token: AccessToken): void {
    if (this.finished) return;
    try {
      this.#context.dispatch(withToken(this.#options, this.#headers, token), new RepeatHandler(this));
    } catch (error) {
      this.fail(asError(error));
    }
  }

  async #whenToken(rejected: AccessToken | undefined, proceed: (token: AccessToken) => unknown): Promise<void> {
    this.#waiting = new AbortController();
    try {
      const token = await this.#context.provider.getToken({ rejected, signal: this.#waiting.signal });
      this.#waiting = undefined;
      if (!this.finished) proceed(token);
    } catch (error) {
      this.#waiting = undefined;
      this.#abandon();
      this.fail(asError(error));
    }
  }

  /** The first response is of no interest any more. */
  #abandon(): void {
    this.#abandoned = true;
    this.disconnect(new Error('The response was dropped: the vendor refused the token of its request'));
  }
}
