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
