import { createClient, createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { redisStore } from '../src/index.ts';
import { redisKeys } from '../src/redis-layout.ts';
import { unusedPort } from '../../auth-core/test/helpers/loopback-server.ts';
import { mustSkipWithoutRedis, type RedisServer, startRedisServer } from './redis-server.ts';

const KEYS = ['esignon:{abc}:token', '{abc}:cooldown', 'no tag', '', '{', '}', '{}', 'a}b{c', '{}{abc}', 'a{{b}}c', '{a', 'ключ'];

/** The hash slot of a key, as the cluster specification defines it: CRC16 (XMODEM) of the first non-empty hash tag, or of all of it. */
function hashSlot(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  const hashed = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc % 16_384;
}

describe('the names in Redis', () => {
  it('the names of a token and of its lease are in one hash slot, whatever the key', () => {
    // The example of the specification.
    expect(hashSlot('123456789')).toBe(0x31c3);
    for (const key of KEYS) {
      const { token, lease } = redisKeys('auth:', key);
      expect([key, hashSlot(lease)]).toEqual([key, hashSlot(token)]);
    }
  });

  it('the names of keys with the same hash tag are in the slot of that tag', () => {
    const keys = ['esignon:{abc}:token', 'x{abc}', '{abc}:cooldown'];
    for (const key of keys) expect(hashSlot(redisKeys('auth:', key).token)).toBe(hashSlot('abc'));
  });

  it('no two keys share a name in Redis', () => {
    const keys = [...KEYS, '"no tag"', '{"no tag"}', '\\u007b', '\\u007d', 'lock:{abc}', ':{abc}'];
    const names = keys.flatMap((key) => Object.values(redisKeys('auth:', key)));
    expect(new Set(names).size).toBe(keys.length * 2);
  });
});

describe.skipIf(mustSkipWithoutRedis('redisStore on a Redis cluster'))('redisStore on a Redis cluster', () => {
  let server: RedisServer;
  let cluster: ReturnType<typeof createCluster>;

  beforeAll(async () => {
    server = await startRedisServer(['--cluster-enabled', 'yes', '--cluster-port', String(await unusedPort())]);
    cluster = createCluster({ rootNodes: [{ url: server.url }] });
    cluster.on('error', () => undefined);
    await claimAllSlots(server);
    await cluster.connect();
  });
  afterAll(async () => {
    cluster.destroy();
    await server[Symbol.asyncDispose]();
  });

  it('on a cluster the store uses no two slots in one command, and the slots that the specification names', async () => {
    const store = redisStore(cluster);
    for (const key of KEYS) {
      const lease = await store.tryLock?.(key, 5_000);
      if (lease === undefined) throw new Error('no lease');
      expect([key, await lease.extend(5_000)]).toEqual([key, true]);
      expect([key, await store.set(key, 'value', { lease })]).toEqual([key, true]);
      expect([key, await store.get(key)]).toEqual([key, 'value']);
      expect([key, await store.delete(key, 'value')]).toEqual([key, true]);
      await lease.release();
      const { token } = redisKeys('auth:', key);
      expect(await cluster.sendCommand(token, true, ['CLUSTER', 'KEYSLOT', token])).toBe(hashSlot(token));
    }
  });
});

async function claimAllSlots({ url }: RedisServer): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  while (!(await client.clusterInfo()).includes('cluster_state:ok')) await client.ping();
  client.destroy();
}
