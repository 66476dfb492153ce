/** Where a token and its lease are kept. */
export interface RedisKeys {
  readonly token: string;
  readonly lease: string;
}

/** A hash tag as Redis Cluster reads it: what stands in the first pair of braces, where that is something. */
const HASH_TAG = /^[^{]*\{[^}]+\}/;

/**
 * Both names have the same hash tag, so that in a cluster they are in the same slot and one script may use both. A key that has none becomes one,
 * in a form that no other key has. `prefix` must hold no brace.
 */
export function redisKeys(prefix: string, key: string): RedisKeys {
  if (HASH_TAG.test(key)) return { token: `${prefix}token:${key}`, lease: `${prefix}lock:${key}` };
  // A brace would end the tag early, an empty tag is none; the quotes are there for the empty key.
  const tag = JSON.stringify(key).replaceAll('{', '\\u007b').replaceAll('}', '\\u007d');
  return { token: `${prefix}token-of:{${tag}}`, lease: `${prefix}lock-of:{${tag}}` };
}

/**
 * Everything is a script, reading too: a script always goes to the master, whatever a cluster client is told about replicas, and past a client-side
 * cache. They use nothing newer than Redis 6.2, and no command that Valkey does not have.
 *
 * KEYS[1] is the token, KEYS[2] its lease.
 */

export const GET = `return redis.call('GET', KEYS[1])`;

/** ARGV: value, milliseconds to live ('' = no end, '0' = over already). */
const PUT = `
if ARGV[2] == '' then redis.call('SET', KEYS[1], ARGV[1])
elseif ARGV[2] == '0' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`;

export const SET: string = PUT.trim();

/**
 * A lease is stored as `<id>:<milliseconds>`. One that would last longer than it was had for comes from before the server's clock was set back, and
 * one without an end from somebody else: neither keeps anybody out, for nobody might be left to give it back.
 */
const HOLDER = `
local function holder(name)
  return (string.match(redis.call('GET', name) or '', '^(.*):%d+$'))
end
`;

/** ARGV as for SET, then the id of the lease. */
export const SET_UNDER_LEASE: string = `${HOLDER}if holder(KEYS[2]) ~= ARGV[3] then return 0 end${PUT}`;

export const DELETE = `return redis.call('DEL', KEYS[1])`;

/** ARGV: what is expected. */
export const DELETE_EXPECTED = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** KEYS: the lease. ARGV: its id, milliseconds to live. */
export const ACQUIRE = `
local ttl = tonumber(string.match(redis.call('GET', KEYS[1]) or '', ':(%d+)$'))
local left = redis.call('PTTL', KEYS[1])
if ttl and left >= 0 and left <= ttl then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[2])
return 1`;

/** KEYS: the lease. ARGV: its id, milliseconds to live. All that it is judged by is written anew. */
export const EXTEND: string = `${HOLDER}if holder(KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[2])
return 1`;

/** KEYS: the lease. ARGV: its id. */
export const RELEASE: string = `${HOLDER}if holder(KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;
