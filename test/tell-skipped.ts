import { findBrowser } from '../apps/playground/test/find-browser.ts';
import { hasRedisServer } from '../packages/auth-store-redis/test/redis-server.ts';

/** Called by vitest after the report: a skipped test is easy to overlook among thousands. */
export function teardown(): void {
  if (process.env['AUTH_TESTS'] !== 'full')
    console.log(
      '\nThe longest tests did not run: outages of Redis, stopped processes, packed packages, releases and `pnpm new-provider`. AUTH_TESTS=full runs them, too.',
    );
  if (!hasRedisServer())
    console.warn('\nSKIPPED: redis-server is not on the PATH. The tests that need Redis DID NOT RUN; install redis-server to run them.\n');
  if (findBrowser() === undefined)
    console.warn(
      '\nSKIPPED: there is no Chromium and no Chrome. The tests of the playground in a browser DID NOT RUN; install one, or name it in CHROMIUM.\n',
    );
}
