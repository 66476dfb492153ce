import { randomUUID } from 'node:crypto';
import { isUint8Array } from 'node:util/types';

import { AuthError, type TokenStore } from '@x/auth-core';

import { ACQUIRE, DELETE, DELETE_EXPECTED, EXTEND, GET, RELEASE, redisKeys, SET, SET_UNDER_LEASE } from './redis-layout.ts';

const DEFAULT_PREFIX = 'auth:';

/**
 * What the store needs of the application's `redis` client: one command. A client of `createClient`, `createClientPool`, `createCluster`
 * or `createSentinel` has it.
 */
export interface RedisEvalClient {
  /** Runs a Lua script on the server that holds the keys. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

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
 * After a restart without persistence, or a failover to a replica that lags behind, entries may be lost and a lease be had twice: that costs a login, or one
 * more try of a refused password.
 *
 * Its methods fail with what the client fails with, or with an AuthError `STORE` where its answer is none that the scripts give, and take as long as the client takes: one that is offline may queue for ever.
 *
 * @throws AuthError `STORE` where an option is wrong or unknown, or `client` is another library's, such as ioredis.
 */
export function redisStore(client: RedisEvalClient, options: RedisStoreOptions = {}): TokenStore {
  const prefix = checkOptions(options);
  checkClient(client);

  async function says(script: string, keys: string[], ...values: string[]): Promise<boolean> {
    const answer = asText(await client.eval(script, { keys, arguments: values }));
    if (answer !== '0' && answer !== '1') throw oddAnswer('something else than the script');
    return answer === '1';
  }

  return {
    async get(key) {
      const reply = await client.eval(GET, { keys: [redisKeys(prefix, key).token], arguments: [] });
      return reply === null ? undefined : asText(reply);
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

/**
 * A client may be told to return numbers as text, or text as bytes.
 *
 * @throws AuthError `STORE` where it is neither: whatever the client did, it did not ask Redis.
 */
function asText(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number') return String(reply);
  if (isUint8Array(reply)) return Buffer.from(reply).toString();
  throw oddAnswer(typeof reply);
}

/** As the scripts take it. */
function timeToLive(expiresAt: number | undefined): string {
  if (expiresAt === undefined || !Number.isFinite(expiresAt)) return '';
  return String(Math.min(Math.max(Math.ceil(expiresAt - Date.now()), 0), Number.MAX_SAFE_INTEGER));
}

/** The prefix. Options and client may come from a caller without types. */
function checkOptions(options: unknown): string {
  if (typeof options !== 'object' || options === null) throw storeError("expected options like { prefix: 'auth:' }");
  const { prefix = DEFAULT_PREFIX, ...others }: { prefix?: unknown } = options;
  const unknown = Object.entries(others).find(([, value]) => value !== undefined);
  if (unknown !== undefined) throw storeError(`there is no option ${unknown[0]}; the only one is prefix`);
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) throw storeError('prefix must be a string without braces');
  return prefix;
}

function checkClient(client: unknown): void {
  const has = (method: string): boolean =>
    typeof client === 'object' && client !== null && typeof Reflect.get(client, method) === 'function';
  // ioredis has an `eval` that takes other arguments: it would store nothing, and say nothing.
  if (has('defineCommand')) throw storeError('this is a client of ioredis; a client of the redis package is needed');
  if (!has('eval')) throw storeError('a client of the redis package is needed, as createClient() makes it');
}

function oddAnswer(what: string): AuthError {
  return storeError(`the client's eval returned ${what}: check the options of the client`);
}

function storeError(what: string): AuthError {
  return new AuthError({ code: 'STORE', provider: 'auth-store-redis', message: `@x/auth-store-redis: ${what}` });
}
