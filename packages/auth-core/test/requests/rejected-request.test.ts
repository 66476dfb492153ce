import { PassThrough } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createAccessToken } from '../../src/access-token.ts';
import { DRAIN_LIMIT, limitDraining } from '../../src/requests/held-response.ts';
import { decide, PassThroughHandler, type RejectedRequest, renewInBackground, waitsForToken } from '../../src/requests/rejected-request.ts';
import { type Handler, ResponseRelay } from '../../src/requests/relay.ts';
import { idleController, testProvider } from './helpers.ts';

const token = (value: string) => createAccessToken({ value, scheme: undefined, extra: undefined, issuedAt: 0, expiresAt: undefined });

function rejectedRequest(more: Partial<RejectedRequest> = {}) {
  const provider = testProvider(['https://api.example.com']);
  const rejected = provider.current;
  return {
    provider,
    request: {
      provider,
      onUnreplayable: 'response',
      rejected,
      method: 'POST',
      hasReplayableBody: true,
      wasRedirected: false,
      ...more,
    } as const,
  };
}

const safe = ['GET', 'head', 'OPTIONS', 'Trace'];
const unsafe = ['POST', 'put', 'PATCH', 'DELETE', 'QUERY'];

describe('a request whose token was rejected', () => {
  it.each([...safe, ...unsafe])('is sent again with the new token where its body can be sent twice: %s', (method) => {
    const { request } = rejectedRequest({ method });
    expect(waitsForToken(request)).toBe(true);
    expect(decide(token('t2'), request)).toBe('repeat');
  });

  it('is not sent again with the token that was rejected', () => {
    const { request } = rejectedRequest({ hasReplayableBody: false });
    expect(decide(token('t1'), request)).toBe('return the rejection');
  });

  it('is sent again where nobody knows which token was rejected', () => {
    expect(decide(token('t1'), rejectedRequest({ rejected: undefined }).request)).toBe('repeat');
  });

  it.each(safe)('is sent again after a redirect where it changes nothing: %s', (method) => {
    const { request } = rejectedRequest({ method, wasRedirected: true });
    expect(waitsForToken(request)).toBe(true);
    expect(decide(token('t2'), request)).toBe('repeat');
  });

  it.each(unsafe)('is not sent again after a redirect where it may have been done: %s', (method) => {
    const { request } = rejectedRequest({ method, wasRedirected: true });
    expect(waitsForToken(request)).toBe(false);
    expect(() => decide(token('t2'), request)).toThrow(
      expect.objectContaining({
        code: 'REPLAY_IMPOSSIBLE',
        provider: 'test',
        message:
          'test: the token is renewed, but the request was not repeated: it was redirected and may have been carried out: check that, then send it again',
      }),
    );
  });

  it('is not sent again where its body cannot be sent twice: its rejection is handed out at once, and the token renewed behind it', async () => {
    const { request, provider } = rejectedRequest({ hasReplayableBody: false });
    expect(waitsForToken(request)).toBe(false);
    renewInBackground(request);
    expect(provider.calls).toEqual([{ rejected: request.rejected }]);
    expect((await provider.getToken()).value).toBe('t2');
    expect(() => decide(token('t2'), request)).toThrow(
      expect.objectContaining({
        code: 'REPLAY_IMPOSSIBLE',
        message:
          'test: the token is renewed, but the request was not repeated: its body is a stream that is used up: send it again with a new one',
      }),
    );
  });

  it('waits for the renewal where an error is wanted instead of the rejection, and starts none itself', () => {
    const { request, provider } = rejectedRequest({ hasReplayableBody: false, onUnreplayable: 'error' });
    expect(waitsForToken(request)).toBe(true);
    expect(provider.calls).toEqual([]);
  });

  it('disturbs nobody where the renewal behind it fails', async () => {
    const { request, provider } = rejectedRequest({ hasReplayableBody: false });
    const failed = new Error('no');
    provider.login = () => Promise.reject(failed);
    renewInBackground(request);
    await expect(provider.getToken()).rejects.toBe(failed);
  });
});

describe('the rest of a rejection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read for a quarter of a second, and what came while the event loop stood still is read before it is given up', () => {
    const giveUp = vi.fn<() => void>();
    limitDraining(giveUp);
    vi.advanceTimersByTime(249);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersToNextTimer();
    expect(giveUp).not.toHaveBeenCalled();
    vi.advanceTimersToNextTimer();
    expect(giveUp).toHaveBeenCalledOnce();
    expect(DRAIN_LIMIT).toBe(262_144);
  });

  it('is read to its end where that comes in time', () => {
    const giveUp = vi.fn<() => void>();
    clearTimeout(limitDraining(giveUp));
    vi.runAllTimers();
    expect(giveUp).not.toHaveBeenCalled();
  });
});

describe('the exchange of a repeated request', () => {
  it('is passed on as it is, whatever it says', () => {
    const heard: unknown[] = [];
    const hear =
      (what: string) =>
      (...args: readonly unknown[]): void =>
        void heard.push([what, ...args.filter((arg) => arg !== relay && arg !== source)]);
    const names = [
      'onRequestStart',
      'onResponseStarted',
      'onBodySent',
      'onRequestSent',
      'onResponseStart',
      'onResponseData',
      'onResponseEnd',
    ];
    const handler: Handler = Object.fromEntries([...names, 'onResponseError', 'onRequestUpgrade'].map((name) => [name, hear(name)]));
    const [source, context, chunk] = [idleController, { a: 1 }, Buffer.from('x')];
    const relay = new ResponseRelay(handler);
    const through = new PassThroughHandler(relay);
    through.onRequestStart(source, context);
    through.onBodySent(chunk);
    through.onRequestSent();
    through.onResponseStarted();
    through.onResponseStart(source, 401, { a: '1' }, 'No');
    through.onResponseData(source, chunk);
    through.onResponseEnd(source, { b: '2' });
    expect(heard).toEqual([
      ['onRequestStart', context],
      ['onBodySent', chunk],
      ['onRequestSent'],
      ['onResponseStarted'],
      ['onResponseStart', 401, { a: '1' }, 'No'],
      ['onResponseData', chunk],
      ['onResponseEnd', { b: '2' }],
    ]);
  });

  it('may fail, be upgraded, and have a handler that hears of nothing', () => {
    const heard: unknown[] = [];
    const error = new Error('gone');
    new PassThroughHandler(new ResponseRelay({ onResponseError: (_controller, what) => void heard.push(what) })).onResponseError(
      idleController,
      error,
    );
    const socket = new PassThrough();
    const upgraded = new PassThroughHandler(new ResponseRelay({ onRequestUpgrade: (...args) => void heard.push(args.slice(1)) }));
    upgraded.onRequestUpgrade(idleController, 101, { a: '1' }, socket);
    expect(heard).toEqual([error, [101, { a: '1' }, socket]]);
    const deaf = new PassThroughHandler(new ResponseRelay({}));
    deaf.onRequestStart(idleController, null);
    deaf.onBodySent(Buffer.from('x'));
    deaf.onRequestSent();
    deaf.onResponseStarted();
    expect(() => deaf.onResponseStart(idleController, 200, {})).not.toThrow();
  });
});
