import { join } from 'node:path';

import { configDefaults, defineConfig } from 'vitest/config';

const tests = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'];
/** What has a mode of its own: `pnpm check:packs`, `pnpm coverage`, and `pnpm rehearse`, the tests of the packed packages with a registry in between, on every Node. */
const modes = new Map([
  ['packs', ['test/packages/packs.check.ts']],
  ['rehearsal', ['test/packages/packed.test.ts', 'test/packages/packed-cli.test.ts', 'test/nodes/nodes.test.ts']],
  ['coverage', ['packages/*/test/**/*.test.ts', 'test/fleet/{lost-lease,other-secret,pool,shared-*,two-clocks,unreliable-store}.test.ts']],
]);
/** The branches of each published package that its own tests have to run through, in percent. */
const branches = 95;
const published = ['auth-cli', 'auth-core', 'auth-store-redis', 'auth-store-sqlite', 'datacomsys-auth', 'esignon-auth'];
/** What takes long and is seldom touched: `.ci/run` runs it, with AUTH_TESTS=full; without that, the last line of a run says that it did not. */
const long = [
  'packages/auth-cli/test/many-shells.test.ts',
  'packages/auth-cli/test/secrets.test.ts',
  'test/docs/oldest-node.test.ts',
  'test/fleet/redis-outage.test.ts',
  'test/fleet/stopped-anywhere.test.ts',
  'test/packages/packed-cli.test.ts',
  'test/packages/packed.test.ts',
  'test/packages/versions.test.ts',
  'test/nodes/nodes.test.ts',
  'test/tools/new-provider.test.ts',
];
const excluded = process.env['AUTH_TESTS'] === 'full' ? [] : long;

/** The release of the `redis` package that the tests of its store run with: `redis5` for the oldest major one that is promised. */
const { REDIS_CLIENT = 'redis' } = process.env;

export default defineConfig(({ mode }) => ({
  resolve: { alias: [{ find: /^redis$/, replacement: REDIS_CLIENT }] },
  ssr: { resolve: { conditions: ['@x/source', 'module', 'node', 'development|production'] } },
  test: {
    env: {
      // Tests talk to servers of their own on loopback; the proxy of a developer's shell must not stand in between.
      NO_PROXY: '*',
      no_proxy: '*',
      REHEARSAL: String(mode === 'rehearsal'),
      // Many tests start processes of their own, and all of these load the same sources.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile-cache'),
    },
    execArgv: ['--conditions=@x/source'],
    pool: 'forks',
    // A guard against a test that never ends, and nothing else: a busy machine is slow, and no test is decided by time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    coverage: {
      include: ['packages/*/src/**'],
      reporter: ['text', 'json-summary'],
      thresholds: Object.fromEntries(published.map((name) => [`packages/${name}/src/**`, { branches }])),
    },
    include: modes.get(mode) ?? tests,
    exclude: [...configDefaults.exclude, ...excluded],
    // Many tests wait, for a process or for a lease to end: others use the processors meanwhile.
    maxWorkers: '300%',
    // Both files of the rehearsal install the same runtimes.
    fileParallelism: mode !== 'rehearsal',
    globalSetup: modes.has(mode) ? [] : ['test/tell-skipped.ts'],
  },
}));
