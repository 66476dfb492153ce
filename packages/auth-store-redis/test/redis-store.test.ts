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

  it.each([[{ prefix: '{auth}:' }, 'prefix']])('refuses %j', (options, message) => {
    expect(() => redisStore(client, options)).toThrowError(expect.toSatisfy(isAuthError));
    expect(() => redisStore(client, options)).toThrowError(
      expect.objectContaining({ code: 'STORE', message: expect.stringContaining(message) }),
    );
  });

  it('fails with what the client fails with', async () => {
    await expect(redisStore(client).get('key')).rejects.toThrow('not connected');
    await expect(lock(redisStore(client), 'key')).rejects.toThrow('not connected');
  });

  it('understands a client that answers with bytes, or with text for numbers', async () => {
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

  it('lets Redis itself forget a value at its end, measured from the clock of the writer', async () => {
    const client = await connect();
    const store = redisStore(client, { prefix: 'p:' });
    await store.set('v{a}', 'value', { expiresAt: Date.now() + 50_000 });
    await store.set('v{b}', 'value');
    expect(await client.pTTL('p:token:v{a}')).toSatisfy((left: number) => left > 40_000 && left <= 50_000);
    expect(await client.pTTL('p:token:v{b}')).toBe(-1);
  });

  it('leaves nothing but the value in Redis after a login', async () => {
    const client = await connect();
    const store = redisStore(client);
    const lease = await lock(store, 'v{a}');
    expect(await client.pTTL('auth:lock:v{a}')).toSatisfy((left: number) => left > 10_000 && left <= 20_000);
    await store.set('v{a}', 'value', { lease });
    await lease.release();
    expect(await client.keys('*')).toEqual(['auth:token:v{a}']);
  });

  it('keeps applications apart by their prefix', async () => {
    const client = await connect();
    const [one, two] = [redisStore(client, { prefix: 'one:' }), redisStore(client, { prefix: 'two:' })];
    await one.set('key', 'value');
    const lease = await lock(one, 'key');
    expect(await two.get('key')).toBeUndefined();
    await (await lock(two, 'key')).release();
    await lease.release();
  });

  it('shares one lease between two clients, whichever asks', async () => {
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

  it('goes on after its connection was dropped', async () => {
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
  ])('takes over a lease that %s, which nobody might be left to give back', async (_what, leave) => {
    const client = await connect();
    await leave(client);
    const store = redisStore(client);
    const lease = await lock(store, 'v{a}');
    expect(await client.pTTL('auth:lock:v{a}')).toBeLessThanOrEqual(20_000);
    expect(await store.set('v{a}', 'value', { lease })).toBe(true);
  });

  describe('while the server is down', () => {
    afterEach(() => server.start());

    it('waits for as long as the client does, and then does what was asked', async () => {
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
