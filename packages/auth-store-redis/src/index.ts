export type { RedisEvalClient } from './redis-client.ts';
export { redisStore, type RedisStoreOptions } from './redis-store.ts';
