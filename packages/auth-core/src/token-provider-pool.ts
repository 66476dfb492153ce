import * as v from 'valibot';

import { createBoundedMap } from './bounded-map.ts';
import { tokenProviderOptionEntries } from './lifecycle/options.ts';
import { memoryStore } from './stores/memory-store.ts';
import type { TokenStore } from './stores/token-store.ts';
import type { TokenProvider } from './token-provider.ts';
import { parseOptions } from './validation.ts';

/** Options of {@link createTokenProviderPool}. */
export interface TokenProviderPoolOptions {
  /** How many providers are kept; the least recently used goes first. Default 1,000. */
  max?: number | undefined;
  /**
   * The one store that all of them share, so that an evicted account neither logs in anew nor forgets its cooldown. Default: a bounded one in
   * memory.
   */
  store?: TokenStore | undefined;
}

/** Options of {@link TokenProviderPool.warm}. */
export interface WarmOptions {
  /** How many logins at once. Default 4. */
  concurrency?: number | undefined;
  /** Told after each key, with the error of one that failed. */
  onProgress?: ((progress: WarmProgress) => void) | undefined;
  /** Stops: keys that have not begun are not begun. */
  signal?: AbortSignal | undefined;
}

/** How far a warm-up is. */
export interface WarmProgress {
  /** How many keys have had their turn. */
  done: number;
  /** How many keys there are, each counted once. */
  total: number;
  /** The key whose turn has just ended. */
  key: string;
  /** Why it failed, if it did. */
  error?: unknown;
}

/** What a warm-up came to. A key whose turn did not come before the signal fired is in neither. */
export interface WarmResult {
  /** How many keys have a token. */
  ready: number;
  /** The keys that failed, and why. */
  failed: { key: string; error: unknown }[];
}

/** Many accounts in one process, each with a provider of its own that is made when it is first asked for. */
export interface TokenProviderPool {
  /** The provider of a key, made now if need be. Throws what `create` throws, and keeps nothing then. */
  get(key: string): TokenProvider;
  /** Whether the pool holds a provider of this key; does not count as a use. */
  has(key: string): boolean;
  /** Evicts a provider; a login that it has under way goes on. */
  delete(key: string): boolean;
  /** How many providers the pool holds. */
  readonly size: number;
  /**
   * Gets a token for every key ahead of need, a few at a time. Never rejects for a key's failure.
   *
   * @throws AuthError `CONFIG` where `concurrency` is not a whole number above 0; what `onProgress` throws.
   */
  warm(keys: Iterable<string>, options?: WarmOptions): Promise<WarmResult>;
}

const positiveCount = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value > 0, 'expected a whole number above 0'),
);

const poolOptions = v.object({ max: v.optional(positiveCount), store: tokenProviderOptionEntries.store });

const warmOptions = v.object({
  concurrency: v.optional(positiveCount),
  onProgress: v.optional(v.custom<(progress: WarmProgress) => void>((value) => typeof value === 'function', 'expected a function')),
  signal: v.optional(v.custom<AbortSignal>((value) => typeof value === 'object' && value !== null, 'expected an AbortSignal')),
});

/** Room in the default store for accounts that no longer have a provider: a token and a refusal each. */
const defaultStoreSize = 100_000;

/**
 * Keeps one provider per key: an ERP vendor's hundreds of ports, a platform's thousands of customers. Eviction is cheap, as the token stays
 * in the shared store, and never aborts a login.
 *
 * @throws AuthError `CONFIG` where `max` is not a whole number above 0.
 */
export function createTokenProviderPool(
  create: (key: string, shared: { store: TokenStore }) => TokenProvider,
  options: TokenProviderPoolOptions = {},
): TokenProviderPool {
  const { max = 1_000, store = memoryStore({ max: defaultStoreSize }) } = parseOptions(poolOptions, options, 'createTokenProviderPool');
  const providers = createBoundedMap<TokenProvider>(max);

  function get(key: string): TokenProvider {
    const known = providers.get(key);
    if (known !== undefined) return known;
    const provider = create(key, { store });
    providers.set(key, provider);
    return provider;
  }

  return {
    get,
    has: (key) => providers.has(key),
    delete: (key) => providers.delete(key),
    get size() {
      return providers.size;
    },
    warm: (keys, given) => warm(get, [...new Set(keys)], given ?? {}),
  };
}

async function warm(get: (key: string) => TokenProvider, keys: readonly string[], options: WarmOptions): Promise<WarmResult> {
  const { concurrency = 4, onProgress, signal } = parseOptions(warmOptions, options, 'warm of the pool');
  const result: WarmResult = { ready: 0, failed: [] };
  const waiting = keys.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const key of waiting) {
      if (signal?.aborted === true) return;
      const error = await tryKey(get, key, signal);
      if (error === undefined) result.ready += 1;
      else result.failed.push({ key, error });
      done += 1;
      onProgress?.({ done, total: keys.length, key, ...(error === undefined ? {} : { error }) });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, keys.length)) }, work));
  return result;
}

async function tryKey(get: (key: string) => TokenProvider, key: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    await get(key).getToken({ signal });
    return undefined;
  } catch (error) {
    return error;
  }
}
