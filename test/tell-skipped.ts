import { hasProgram } from '../packages/auth-cli/test/helpers/has-program.ts';
import { findBrowser } from '../apps/playground/test/find-browser.ts';
import { hasRedisServer } from '../packages/auth-store-redis/test/redis-server.ts';

/** Called by vitest after the report: a skipped test is easy to overlook among thousands. */
export function teardown(): void {
  if (process.env['AUTH_TESTS'] !== 'full')
    console.log(
      '\nThe longest tests did not run: fifty shells at once, the secrets of the shell command under every fault, outages of Redis, stopped processes, the documents on Node 20, packed packages, other versions of Node, releases, a minute of revoked tokens, streams of a gigabyte and `pnpm new-provider`. AUTH_TESTS=full runs them, too.',
    );
  const missing = ['zsh', 'fish', 'php', 'python3'].filter((shell) => !hasProgram(shell));
  if (missing.length > 0)
    console.warn(
      `\nSKIPPED: ${missing.join(' and ')} not on the PATH. What is for them in the shell command and its documents WAS NOT TRIED.\n`,
    );
  if (!hasRedisServer())
    console.warn('\nSKIPPED: redis-server is not on the PATH. The tests that need Redis DID NOT RUN; install redis-server to run them.\n');
  if (findBrowser() === undefined)
    console.warn(
      '\nSKIPPED: there is no Chromium and no Chrome. The tests of the playground in a browser DID NOT RUN; install one, or name it in CHROMIUM.\n',
    );
}
