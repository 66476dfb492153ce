import { inspect } from 'node:util';

import { AuthError, type AuthErrorInit, type LoginContext, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider, vendorError } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { stubVendor, type StubVendorOptions } from './stub-vendor.ts';

const password = 'S3cret-password';

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), secret: () => password, ...vendorOptions });
  return { vendor, provider: createTokenProvider(vendor.protocol, { clock, random: () => 0, ...options }) };
}

/** What a caller gets where the login fails with this. */
async function failureOf(thrown: unknown, options: TokenProviderOptions = {}): Promise<unknown> {
  const { vendor, provider } = setUp({ retries: 0, ...options });
  vendor.script.push(() => {
    throw thrown;
  });
  return provider.getToken().catch((error: unknown) => error);
}

async function throws(thrown: unknown): Promise<never> {
  throw thrown;
}

const authError = (init: Partial<AuthErrorInit>): AuthError =>
  new AuthError({ code: 'VENDOR_ERROR', provider: 'stub', message: 'stub: no', ...init });

describe('a password that cannot be used', () => {
  it.each([
    {
      what: 'the line break at its end',
      secret: () => 'q7Zx\n',
      says: 'password: it ends in a line break (was it read from a file? trim it)',
      retryable: false,
    },
    {
      what: 'the carriage return at its end',
      secret: () => 'q7Zx\r',
      says: 'password: it ends in a line break (was it read from a file? trim it)',
      retryable: false,
    },
    {
      what: 'that it is empty',
      secret: () => '',
      says: 'password: expected a string that is not empty, or a function that returns one',
      retryable: false,
    },
    {
      what: 'that it is none',
      secret: () => 7 as unknown as string,
      says: 'password: expected a string that is not empty, or a function that returns one',
      retryable: false,
    },
    {
      what: 'that its function threw an error',
      secret: () => Promise.reject(new TypeError('q7Zx')),
      says: 'the function that returns the password threw (TypeError): check it; its message is left out, it may hold a secret',
      retryable: true,
    },
    {
      what: 'that its function threw something else',
      secret: () => throws('q7Zx'),
      says: 'the function that returns the password threw (string): check it; its message is left out, it may hold a secret',
      retryable: true,
    },
  ])('is CONFIG, and the message tells $what and not what it is', async ({ secret, says, retryable }) => {
    const { provider } = setUp({}, { secret });
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'CONFIG', provider: 'stub', message: `stub: ${says}`, retryable });
  });

  it('may hold line breaks elsewhere', async () => {
    const { vendor, provider } = setUp({}, { secret: () => '\nq7\nZx' });
    await provider.getToken();
    expect(vendor.contexts[0]?.secret).toBe('\nq7\nZx');
  });

  it('is the failure that its function rejects with, where that is an AuthError', async () => {
    const error = authError({ code: 'NOT_ALLOWED' });
    const { provider } = setUp({}, { secret: () => Promise.reject(error) });
    await expect(provider.getToken()).rejects.toBe(error);
  });

  it('is TIMEOUT where it does not come in time, and its function is told why', async () => {
    let signal: AbortSignal | undefined;
    const { protocol } = stubVendor({ now: () => clock.now() });
    const secret = (context: { signal: AbortSignal }): Promise<string> => {
      ({ signal } = context);
      return new Promise(() => undefined);
    };
    const provider = createTokenProvider({ ...protocol, secret }, { clock, timeout: 1_000 });
    const failed = provider.getToken().catch((error: unknown) => error);
    await clock.advance(999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    const error = await failed;
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: 'stub: the function that returns the password took longer than timeout (1000 ms): check it',
      retryable: true,
    });
    expect(signal?.reason).toBe(error);
  });
});

describe('an attempt', () => {
  it('gets what a login needs: the password, the dispatcher, its number, the vendor’s time and a signal', async () => {
    const dispatcher = new Agent();
    const { vendor, provider } = setUp({ dispatcher });
    vendor.script.push(() => {
      throw authError({ retryable: true });
    });
    const token = provider.getToken();
    await clock.advance(200);
    await token;
    expect(vendor.contexts).toMatchObject([
      { secret: password, dispatcher, attempt: 1 },
      { secret: password, dispatcher, attempt: 2 },
    ]);
    expect(vendor.contexts[0]?.signal.aborted).toBe(false);
    expect(vendor.contexts[0]?.now()).toBe(clock.now());
    await dispatcher.close();
  });

  it('has neither a password nor a dispatcher where there is none', async () => {
    const { protocol, contexts } = stubVendor({ now: () => clock.now() });
    await createTokenProvider(protocol, { clock }).getToken();
    expect(Object.keys(contexts[0] ?? {}).toSorted()).toEqual(['attempt', 'now', 'reportDate', 'signal']);
  });

  it('that takes too long is TIMEOUT, and is told why; the message names the limit that it had', async () => {
    const limits: [TokenProviderOptions, number, string][] = [
      [{ attemptTimeout: 700 }, 700, 'attemptTimeout (700 ms)'],
      [{ timeout: 600 }, 600, 'timeout (600 ms)'],
      [{ timeout: 500, attemptTimeout: 500 }, 500, 'attemptTimeout (500 ms)'],
    ];
    for (const [options, after, limit] of limits) {
      const { vendor, provider } = setUp({ retries: 0, ...options }, { otherwise: () => new Promise(() => undefined) });
      const failed = provider.getToken().catch((error: unknown) => error);
      await clock.advance(after - 1);
      expect(vendor.contexts[0]?.signal.aborted).toBe(false);
      await clock.advance(1);
      const message = `stub: login timed out: no answer from https://api.example.com within ${limit}, attempt 1 of 1: try later, or raise it`;
      const error = await failed;
      expect(error).toMatchObject({ code: 'TIMEOUT', message, retryable: true, attempts: 1 });
      expect(vendor.contexts[0]?.signal.reason).toMatchObject({ message });
    }
  });

  it('has what is left of the timeout after the password was waited for', async () => {
    const { provider } = setUp(
      { timeout: 1_000, retries: 0 },
      { secret: () => new Promise((resolve) => setTimeout(resolve, 400, password)), otherwise: () => new Promise(() => undefined) },
    );
    const began = clock.monotonic();
    const failed = provider.getToken().catch(() => clock.monotonic() - began);
    for (let passed = 0; passed < 1_200; passed += 100) await clock.advance(100);
    expect(await failed).toBe(1_000);
  });

  it('that fails for good is made once, and one that may pass as often as the options allow', async () => {
    for (const [retryable, attempts] of [
      [false, 1],
      [true, 4],
    ] as const) {
      const { vendor, provider } = setUp({ retries: 3 }, { otherwise: () => Promise.reject(authError({ retryable })) });
      const failed = provider.getToken().catch((error: unknown) => error);
      for (let passed = 0; passed < 3_000; passed += 100) await clock.advance(100);
      expect(await failed).toMatchObject({ attempts });
      expect(vendor.logins).toBe(attempts);
    }
  });

  it('is repeated as often where a lease takes its time: that does not count', async () => {
    const extend = () => new Promise<boolean>((resolve) => setTimeout(resolve, 600, true));
    const store = { ...memoryStore(), tryLock: async () => ({ id: 'slow', extend, release: async () => undefined }) };
    const { vendor, provider } = setUp(
      { store, timeout: 1_000, storeTimeout: 1_000, retries: 9 },
      { otherwise: () => Promise.reject(authError({ retryable: true })) },
    );
    const failed = provider.getToken().catch((error: unknown) => error);
    for (let passed = 0; passed < 5_000; passed += 100) await clock.advance(100);
    // Pauses of 200 and 400 ms fit into the second, one of 800 more does not.
    expect(await failed).toMatchObject({ code: 'VENDOR_ERROR', attempts: 3 });
    expect(vendor.logins).toBe(3);
  });

  it('is not repeated once nobody waits for it any more, and the pause that the vendor asked for is remembered', async () => {
    const busy = authError({ retryable: true, retryAfter: 9_000 });
    const { vendor, provider } = setUp({ retries: 3 }, { otherwise: () => Promise.reject(busy) });
    const controller = new AbortController();
    const left = provider.getToken({ signal: controller.signal }).catch(() => 'left');
    await clock.advance(100);
    controller.abort();
    expect(await left).toBe('left');
    await new Promise(setImmediate);
    await clock.advance(5_000);
    expect(vendor.logins).toBe(1);
    expect((await provider.status()).pause).toMatchObject({ reason: 'VENDOR_ERROR' });
  });
});

describe('the failure of a login as callers get it', () => {
  /** As a protocol makes it of a vendor's answer. */
  const judged = (init: { vendorCode?: string; vendorMessage?: string; documentedCodes?: string[] }, secrets: string[]): AuthError =>
    vendorError(
      { status: 400, text: '', header: () => undefined, cookie: () => undefined },
      { provider: 'stub', code: 'VENDOR_ERROR', message: 'no', secrets, ...init },
    );

  it('keeps the words that the protocol let through, also a documented code that is the password', async () => {
    const error = await failureOf(judged({ vendorCode: password, documentedCodes: [password], vendorMessage: 'wrong' }, [password]));
    const message = `stub: the login returned status 400: no (vendor code ${password}); the vendor says: wrong`;
    expect(error).toMatchObject({ message, vendorCode: password, vendorMessage: 'wrong' });
  });

  it('says that words were left out where the protocol left them out', async () => {
    const error = await failureOf(judged({ vendorMessage: 'for Q7zx' }, ['q7Zx']));
    const message = "stub: the login returned status 400: no; the vendor's own words are left out: they repeat a secret";
    expect(error).toMatchObject({ message });
  });

  it('has all that the protocol’s error told, and the count of attempts', async () => {
    const cause = new TypeError('socket closed');
    const told = {
      code: 'NETWORK',
      message: 'stub: no',
      vendorCode: '10',
      vendorMessage: 'non',
      vendorStatus: 503,
      reason: 'TIMEOUT',
    } as const;
    const error = await failureOf(authError({ ...told, retryable: true, retryAfter: 7_200_000, attempts: 9, cause }));
    expect(error).toMatchObject({ ...told, message: expect.stringMatching(/^stub: no \(vendor code 10\)/), retryable: true, attempts: 1 });
    expect(error).toMatchObject({ cause: { name: 'TypeError', message: 'socket closed' }, retryAfter: 3_600_000 });
  });

  it('has nothing that was not told', async () => {
    const error = await failureOf(authError({}));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'AuthError',
      message: 'stub: no',
      code: 'VENDOR_ERROR',
      provider: 'stub',
      retryable: false,
      attempts: 1,
    });
    expect((error as Error).cause).toBeUndefined();
  });

  it.each([
    ['its message', { message: `stub: ${password} is wrong` }, 'stub: the login failed with VENDOR_ERROR'],
    ['what the vendor said', { vendorMessage: `${password} is wrong` }, 'stub: no'],
  ])('says that words were left out where %s repeats the password', async (_what, init, message) => {
    const error = await failureOf(authError(init));
    expect(error).toMatchObject({ message: `${message}; the vendor's own words are left out: they repeat a secret` });
    expect(error).not.toHaveProperty('vendorMessage');
  });

  it.each([
    ['one that was rejected', 'token-1'],
    ['the one before that', 'token-0'],
  ])('has no words of the vendor that repeat an older token: %s', async (_which, older) => {
    const { vendor, provider } = setUp({ retries: 0 });
    vendor.script.push(
      () => ({ value: 'token-0' }),
      () => ({ value: 'token-1' }),
    );
    expect((await provider.getToken({ rejected: await provider.getToken() })).value).toBe('token-1');
    vendor.script.push(() => {
      throw authError({ vendorMessage: `${older} is over`, message: `stub: no, ${older}` });
    });
    const error = await provider.getToken({ rejected: await provider.getToken() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'VENDOR_ERROR' });
    expect(error).not.toHaveProperty('vendorMessage');
    expect(inspect(error)).not.toContain(older);
  });

  it('has no vendor’s code that repeats the password', async () => {
    expect(await failureOf(authError({ vendorCode: password }))).not.toHaveProperty('vendorCode');
    expect(await failureOf(authError({ cause: new Error(`for ${password}`) }))).not.toMatchObject({
      cause: { message: expect.stringContaining(password) },
    });
  });

  it('is VENDOR_ERROR that speaks of a bug where the protocol threw anything else', async () => {
    const error = await failureOf(new RangeError('out of it'));
    const message = "stub: unexpected error in the provider's login (a bug in the provider?): RangeError: out of it";
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', provider: 'stub', message, attempts: 1, retryable: false });
    expect(error).toMatchObject({ cause: { name: 'RangeError', message: 'out of it' } });
  });

  it('has nothing of an answer that the protocol could not parse: a token in it is one that nobody knows yet', async () => {
    const { vendor, provider } = setUp({ retries: 0 });
    const parse = (): unknown => JSON.parse('new-token: 1');
    expect(parse).toThrow(/new-token/);
    vendor.script.push(() => {
      parse();
      throw new Error('it was parsed');
    });
    const error: unknown = await provider.getToken().catch((thrown: unknown) => thrown);
    expect(inspect(error)).toContain('SyntaxError');
    expect(inspect(error)).not.toContain('new-token');
  });

  it('is none for a login whose vendor told the time', async () => {
    const vendor = stubVendor({ now: () => clock.now() });
    const login = async (context: LoginContext) => {
      context.reportDate?.(new Date(clock.now() + 3_600_000).toUTCString(), 0);
      expect(Math.abs(context.now() - clock.now() - 3_600_000)).toBeLessThan(1_000);
      return vendor.protocol.login(context);
    };
    await expect(createTokenProvider({ ...vendor.protocol, login }, { clock }).getToken()).resolves.toBeDefined();
  });
});
