import { createTokenProvider, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import { type FaultyServer, startFaultyServer } from '@x/auth-core/testing';
import type { Dispatcher, RetryHandler } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { type Undici, withEachUndici } from '../helpers/undici-versions.ts';
import { failureOf, password, send } from './exchange.ts';

let server: FaultyServer;

beforeEach(async () => {
  server = await startFaultyServer(() => ({ status: 200, json: { ok: true } }));
});

afterEach(() => server.close());

/** Dispatchers that applications compose, set to redirect and retry as often as possible. */
function composed({ Agent, interceptors }: Pick<Undici, 'Agent' | 'interceptors'>): Record<string, Dispatcher> {
  const retryAlways: RetryHandler.RetryOptions = {
    methods: ['POST'],
    minTimeout: 1,
    maxTimeout: 1,
    statusCodes: [302, 307, 404, 429, 500, 503],
    retry: (_error, _context, done) => done(null),
  };
  return {
    nothing: new Agent(),
    redirect: new Agent().compose(interceptors.redirect({ maxRedirections: 5 })),
    retry: new Agent().compose(interceptors.retry({ methods: ['POST'], minTimeout: 1, maxTimeout: 1 })),
    'retry with a function of its own': new Agent().compose(interceptors.retry(retryAlways)),
    responseError: new Agent().compose(interceptors.responseError()),
    'all of them': new Agent().compose(
      interceptors.responseError(),
      interceptors.retry(retryAlways),
      interceptors.redirect({ maxRedirections: 5 }),
    ),
    'all of them, the other way round': new Agent().compose(
      interceptors.redirect({ maxRedirections: 5 }),
      interceptors.retry(retryAlways),
      interceptors.responseError(),
    ),
  };
}

withEachUndici((undici) => {
  describe.each(Object.keys(composed(undici)))('composed with %s', (name) => {
    let dispatcher: Dispatcher;

    beforeEach(() => {
      dispatcher = composed(undici)[name] ?? new undici.Agent();
    });

    afterEach(() => dispatcher.destroy());

    it('a login gets its response through the dispatcher', async () => {
      expect(await send(server.url, { dispatcher })).toMatchObject({ status: 200, text: '{"ok":true}' });
    });

    it.each([302, 307] as const)('a login follows no redirect, although the dispatcher would: %i', async (status) => {
      server.fail({ redirect: '/elsewhere', status });
      expect(await failureOf(send(server.url, { dispatcher }))).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: status });
      expect(server.requests).toHaveLength(1);
    });

    it.each([401, 404, 429, 500, 503])(
      'a login is sent once and its response returned, although the dispatcher would retry: %i',
      async (status) => {
        server.fail({ status, retryAfter: 7, body: { msg: 'no' } });
        expect(await send(server.url, { dispatcher })).toMatchObject({ status, text: '{"msg":"no"}', retryAfter: 7_000 });
        expect(server.requests).toHaveLength(1);
      },
    );

    it.each(['reset', 'cut'] as const)('a login is sent once if the connection breaks: %s', async (fault) => {
      server.fail(fault);
      expect((await failureOf(send(server.url, { dispatcher }))).code).toBe('NETWORK');
      expect(server.requests).toHaveLength(1);
    });

    it.each(['oversize', 'flood'] as const)('a response that is too large is BAD_RESPONSE: %s', async (fault) => {
      server.fail(fault);
      expect((await failureOf(send(server.url, { dispatcher }))).code).toBe('BAD_RESPONSE');
    });

    it('a login ends when its signal fires', async () => {
      server.fail('silent');
      expect((await failureOf(send(server.url, { dispatcher, signal: AbortSignal.timeout(50) }))).code).toBe('TIMEOUT');
      expect(server.requests.length).toBeLessThanOrEqual(1);
    });

    it('the error of a login does not contain the password', async () => {
      server.fail({ answer: ({ body }) => ({ status: 302, text: body, headers: { location: '/x', 'x-echo': encodeURIComponent(body) } }) });
      const error = await failureOf(send(server.url, { dispatcher }));
      expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain(password.slice(0, 3));
    });
  });

  it('a refusal is one, and followed by a cooldown, though a RetryAgent of the application insists on asking again', async () => {
    server.fail({ status: 401, body: { msg: 'no' } }, { times: Infinity });
    const dispatcher = new undici.RetryAgent(new undici.Agent(), {
      methods: ['POST'],
      statusCodes: [401],
      maxRetries: 2,
      minTimeout: 1,
      maxTimeout: 1,
    });
    onTestFinished(() => dispatcher.destroy());
    const provider = createTokenProvider(
      {
        name: 'acme',
        baseUrl: server.url,
        identity: 'account',
        secret: () => password,
        async login(context) {
          const response = await sendLoginRequest({ provider: 'acme', url: new URL(server.url), json: { password } }, context);
          const code = response.status === 401 ? 'INVALID_CREDENTIALS' : 'VENDOR_ERROR';
          throw vendorError(response, { provider: 'acme', code, message: 'the login failed', secrets: [password] });
        },
        isRejection: () => false,
      },
      { dispatcher },
    );
    expect(await failureOf(provider.getToken())).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      vendorStatus: 401,
      attempts: 1,
      retryable: false,
    });
    const posts = server.requests.length;
    expect(posts).toBeLessThanOrEqual(3);
    expect(await failureOf(provider.getToken())).toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS' });
    expect(server.requests).toHaveLength(posts);
  });
});
