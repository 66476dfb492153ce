export { type RedisEvalClient, redisStore, type RedisStoreOptions } from './redis-store.ts';
