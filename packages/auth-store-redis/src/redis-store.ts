import { randomUUID } from 'node:crypto';

import { AuthError, type TokenStore } from '@x/auth-core';

import type { RedisEvalClient } from './redis-client.ts';
import { redisKeys } from './redis-keys.ts';
import { ACQUIRE, DELETE, DELETE_EXPECTED, EXTEND, GET, RELEASE, SET, SET_UNDER_LEASE } from './scripts.ts';

const DEFAULT_PREFIX = 'auth:';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** What all names in Redis begin with; it may hold no brace. Default: `auth:`. */
  prefix?: string | undefined;
}

/**
 * A store for all processes of all machines that reach the same Redis (6.2 and later) or Valkey, also as a cluster. `client` is the
 * application's own, from `createClient`, `createClientPool`, `createCluster` or `createSentinel` of the `redis` package; connecting it, handling its
 * `error` event and closing it stay with the application. Its user needs the commands EVAL, GET, SET, DEL and PTTL.
 *
 * Times are relative to Redis: what a machine thinks the time is only matters for how long it says that a value shall live.
 * After a failover to a replica that lags behind, a lease may be had twice for once: that costs one login.
 *
 * Its methods fail with what the client fails with, and take as long as the client takes: one that is offline may queue for ever.
 *
 * @throws AuthError `STORE` where an option is wrong.
 */
export function redisStore(client: RedisEvalClient, options: RedisStoreOptions = {}): TokenStore {
  const prefix = checkPrefix(options);

  async function says(script: string, keys: string[], ...values: string[]): Promise<boolean> {
    return asText(await client.eval(script, { keys, arguments: values })) === '1';
  }

  return {
    async get(key) {
      return asText(await client.eval(GET, { keys: [redisKeys(prefix, key).token], arguments: [] }));
    },
    async set(key, value, { expiresAt, lease } = {}) {
      const names = redisKeys(prefix, key);
      const life = timeToLive(expiresAt);
      if (lease === undefined) return says(SET, [names.token], value, life);
      return says(SET_UNDER_LEASE, [names.token, names.lease], value, life, lease.id);
    },
    async delete(key, expected) {
      const { token } = redisKeys(prefix, key);
      return expected === undefined ? says(DELETE, [token]) : says(DELETE_EXPECTED, [token], expected);
    },
    async tryLock(key, ttl) {
      const { lease } = redisKeys(prefix, key);
      const id = randomUUID();
      if (!(await says(ACQUIRE, [lease], id, String(ttl)))) return undefined;
      return {
        id,
        extend: (longer) => says(EXTEND, [lease], id, String(longer)),
        release: async () => void (await says(RELEASE, [lease], id)),
      };
    },
  };
}

/** A client may be told to return numbers as text, or text as bytes. */
function asText(reply: unknown): string | undefined {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number' || reply instanceof Buffer) return reply.toString();
  return undefined;
}

/** As the scripts take it. */
function timeToLive(expiresAt: number | undefined): string {
  if (expiresAt === undefined || !Number.isFinite(expiresAt)) return '';
  return String(Math.min(Math.max(Math.ceil(expiresAt - Date.now()), 0), Number.MAX_SAFE_INTEGER));
}

function checkPrefix({ prefix = DEFAULT_PREFIX }: RedisStoreOptions): string {
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) throw wrongOption('prefix must be a string without braces');
  return prefix;
}

function wrongOption(what: string): AuthError {
  return new AuthError({ code: 'STORE', provider: 'auth-store-redis', message: `@x/auth-store-redis: ${what}` });
}
