/**
 * What the store needs of the application's `redis` client: one command. A client of `createClient`, `createClientPool`, `createCluster`
 * or `createSentinel` has it.
 */
export interface RedisEvalClient {
  /** Runs a Lua script on the server that holds the keys. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}
