import { createClient, createClientPool, createCluster, createSentinel, type RedisClientType, RESP_TYPES } from 'redis';
import { expect, it } from 'vitest';

import { redisStore } from '../src/index.ts';

const url = 'redis://127.0.0.1:1';

// That this compiles without a cast is the better half of the test.
it('takes every kind of client of the redis package, connected or not', () => {
  const node = { host: '127.0.0.1', port: 1 };
  const stores = [
    redisStore(createClient()),
    redisStore(createClient({ url, RESP: 2, name: 'app', database: 3 })),
    redisStore(createClient({ RESP: 3, clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: 'LRU' } })),
    redisStore(createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String })),
    redisStore(createClientPool()),
    redisStore(createCluster({ rootNodes: [{ url }], useReplicas: true })),
    redisStore(createSentinel({ name: 'main', sentinelRootNodes: [node] })),
  ];
  const general: ((client: ReturnType<typeof createClient>) => unknown)[] = [redisStore];
  const clusters: ((client: ReturnType<typeof createCluster>) => unknown)[] = [redisStore];
  const named: ((client: RedisClientType) => unknown)[] = [redisStore];
  expect([general, clusters, named]).toHaveLength(3);
  for (const store of stores) expect(store.tryLock).toBeTypeOf('function');
});
