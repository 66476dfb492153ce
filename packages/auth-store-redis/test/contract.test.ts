import { randomUUID } from 'node:crypto';

import { describeTokenStore } from '@x/auth-core/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

import { redisStore } from '../src/index.ts';
import { connectedClients } from './connected-clients.ts';
import { mustSkipWithoutRedis, type RedisServer, startRedisServer } from './redis-server.ts';

describe.skipIf(mustSkipWithoutRedis('the store contract of @x/auth-store-redis'))('on a Redis server', () => {
  let server: RedisServer;
  const clients = connectedClients();

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    clients.destroy();
    await server[Symbol.asyncDispose]();
  });

  describeTokenStore(
    { describe, it },
    {
      name: 'redisStore',
      capabilities: { tryLock: true },
      create: async () => {
        const prefix = `${randomUUID()}:`;
        return {
          store: redisStore(await clients.connect(server.url), { prefix }),
          another: async () => redisStore(await clients.connect(server.url), { prefix }),
        };
      },
    },
  );
});
