import { isAuthError, type Lease, type TokenStore } from '@x/auth-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type RedisEvalClient, redisStore } from '../src/index.ts';
import { type ConnectedClient, connectedClients } from './connected-clients.ts';
import { mustSkipWithoutRedis, type RedisServer, startRedisServer } from './redis-server.ts';

async function lock(store: TokenStore, key: string): Promise<Lease> {
  const lease = await store.tryLock?.(key, 20_000);
  if (lease === undefined) throw new Error('no lease');
  return lease;
}

/** Not `once` of `node:events`: that rejects on the `error` event, which a lost connection also emits. */
function emitted(client: ConnectedClient, event: 'ready' | 'reconnecting'): Promise<void> {
  return new Promise((resolve) => void client.once(event, () => resolve()));
}

describe('redisStore', () => {
  const client: RedisEvalClient = { eval: () => Promise.reject(new Error('not connected')) };

  const wrong: readonly [what: string, args: readonly unknown[], message: RegExp][] = [
    ['a prefix with a brace', [client, { prefix: '{auth}:' }], /prefix must be/],
    ['a prefix that is no text', [client, { prefix: 7 }], /prefix must be/],
    ['an option that there is not', [client, { lockTtl: 20_000 }], /no option lockTtl/],
    ['options that are a text', [client, 'auth:'], /expected options like/],
    ['a client without eval', [{}], /redis package/],
    ['no client', [], /redis package/],
    ['an address instead of a client', ['redis://127.0.0.1:6379'], /redis package/],
    ['a client of ioredis', [{ eval: async () => null, defineCommand: () => undefined }], /ioredis/],
  ];

  it.each(wrong)('%s is refused with STORE at once', (_what, args, message) => {
    // What a caller without types may pass.
    const open = (): unknown => Reflect.apply(redisStore, undefined, args);
    expect(open).toThrowError(expect.toSatisfy(isAuthError));
    expect(open).toThrowError(expect.objectContaining({ code: 'STORE', message: expect.stringMatching(message) }));
  });

  it('an option that is undefined counts as not given', () => {
    const options = { prefix: undefined, lockTtl: undefined };
    expect(() => redisStore(client, options)).not.toThrow();
  });

  it.each([undefined, {}, ['1'], true, 2n])('an eval that answers %s has failed: it is neither an entry nor a lease', async (answer) => {
    const store = redisStore({ eval: async () => answer });
    for (const failed of [store.get('key'), store.set('key', 'value'), store.delete('key'), store.tryLock?.('key', 3_000)]) {
      await expect(failed).rejects.toMatchObject({ code: 'STORE', message: expect.stringContaining('eval') });
    }
  });

  it.each([null, 'OK', 7])('an eval that answers %s to a script that says yes or no has failed', async (answer) => {
    const store = redisStore({ eval: async () => answer });
    await expect(store.set('key', 'value')).rejects.toMatchObject({ code: 'STORE' });
    await expect(store.tryLock?.('key', 3_000)).rejects.toMatchObject({ code: 'STORE' });
  });

  it('a store fails with what the client fails with', async () => {
    await expect(redisStore(client).get('key')).rejects.toThrow('not connected');
    await expect(lock(redisStore(client), 'key')).rejects.toThrow('not connected');
  });

  it('a store understands a client that answers with bytes, or with text for numbers', async () => {
    const bytes = redisStore({ eval: async () => Buffer.from('tökén') });
    expect(await bytes.get('key')).toBe('tökén');
    expect(await redisStore({ eval: async () => '1' }).set('key', 'value')).toBe(true);
    expect(await redisStore({ eval: async () => Buffer.from('0') }).set('key', 'value')).toBe(false);
  });
});

describe.skipIf(mustSkipWithoutRedis('redisStore on a Redis server'))('redisStore on a Redis server', () => {
  let server: RedisServer;
  const clients = connectedClients();
  const connect = () => clients.connect(server.url);

  beforeAll(async () => {
    server = await startRedisServer();
  });
  beforeEach(async () => {
    await (await connect()).flushAll();
  });
  afterEach(() => clients.destroy());
  afterAll(() => server[Symbol.asyncDispose]());

  it('a store lets Redis itself forget a value at its end, measured from the clock of the writer', async () => {
    const client = await connect();
    const store = redisStore(client, { prefix: 'p:' });
    await store.set('v{a}', 'value', { expiresAt: Date.now() + 50_000 });
    await store.set('v{b}', 'value');
    expect(await client.pTTL('p:token:v{a}')).toSatisfy((left: number) => left > 40_000 && left <= 50_000);
    expect(await client.pTTL('p:token:v{b}')).toBe(-1);
  });

  it('a login leaves nothing but the value in Redis', async () => {
    const client = await connect();
    const store = redisStore(client);
    const lease = await lock(store, 'v{a}');
    expect(await client.pTTL('auth:lock:v{a}')).toSatisfy((left: number) => left > 10_000 && left <= 20_000);
    await store.set('v{a}', 'value', { lease });
    await lease.release();
    expect(await client.keys('*')).toEqual(['auth:token:v{a}']);
  });

  it('applications are kept apart by their prefix', async () => {
    const client = await connect();
    const [one, two] = [redisStore(client, { prefix: 'one:' }), redisStore(client, { prefix: 'two:' })];
    await one.set('key', 'value');
    const lease = await lock(one, 'key');
    expect(await two.get('key')).toBeUndefined();
    await (await lock(two, 'key')).release();
    await lease.release();
  });

  it('two clients share one lease, whichever asks', async () => {
    const [one, two] = [redisStore(await connect()), redisStore(await connect())];
    const lease = await lock(one, 'key');
    expect(await two.tryLock?.('key', 20_000)).toBeUndefined();
    await one.set('key', 'from one', { lease });
    await lease.release();
    const next = await lock(two, 'key');
    expect(await two.get('key')).toBe('from one');
    expect(await one.set('key', 'too late', { lease })).toBe(false);
    await next.release();
  });

  it('a store goes on after its connection was dropped', async () => {
    const [client, killer] = [await connect(), await connect()];
    const store = redisStore(client);
    await store.set('key', 'value');
    const lease = await lock(store, 'key');
    const reconnected = emitted(client, 'ready');
    await killer.sendCommand(['CLIENT', 'KILL', 'ID', String(await client.clientId())]);
    await reconnected;
    expect(await store.get('key')).toBe('value');
    expect(await store.set('key', 'next', { lease })).toBe(true);
    await lease.release();
  });

  it.each([
    [
      'was made before the clock of the server was set back',
      (client: ConnectedClient) => client.set('auth:lock:v{a}', 'dead:3000', { PX: 3_600_000 }),
    ],
    ['has no end', (client: ConnectedClient) => client.set('auth:lock:v{a}', 'dead:3000')],
    ['is none of ours', (client: ConnectedClient) => client.set('auth:lock:v{a}', 'dead', { PX: 3_600_000 })],
  ])('a store takes over a lease that %s, which nobody might be left to give back', async (_what, leave) => {
    const client = await connect();
    await leave(client);
    const store = redisStore(client);
    const lease = await lock(store, 'v{a}');
    expect(await client.pTTL('auth:lock:v{a}')).toBeLessThanOrEqual(20_000);
    expect(await store.set('v{a}', 'value', { lease })).toBe(true);
  });

  describe('while the server is down', () => {
    afterEach(() => server.start());

    it('while the server is down a store waits for as long as the client does, and then does what was asked', async () => {
      const client = await connect();
      const store = redisStore(client);
      const reconnecting = emitted(client, 'reconnecting');
      await server.stop();
      await reconnecting;
      let settled = false;
      const written = store.set('key', 'value').finally(() => (settled = true));
      const failedAgain = emitted(client, 'reconnecting');
      await failedAgain;
      expect(settled).toBe(false);
      await server.start();
      expect(await written).toBe(true);
    });
  });
});
