import { hasRedisServer } from '../packages/auth-store-redis/test/redis-server.ts';

/** Called by vitest after the report: a skipped test is easy to overlook among thousands. */
export function teardown(): void {
  if (process.env['AUTH_TESTS'] !== 'full')
    console.log(
      '\nThe longest tests did not run: outages of Redis, stopped processes, the documents on Node 20, packed packages, releases and `pnpm new-provider`. AUTH_TESTS=full runs them, too.',
    );
  if (!hasRedisServer())
    console.warn('\nSKIPPED: redis-server is not on the PATH. The tests that need Redis DID NOT RUN; install redis-server to run them.\n');
}
