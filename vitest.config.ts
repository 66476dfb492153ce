import { join } from 'node:path';

import { configDefaults, defineConfig } from 'vitest/config';

const tests = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'];
/** What has a mode of its own: `pnpm check:packs`, `pnpm coverage`, and `pnpm rehearse`, the tests of the packed packages with a registry in between. */
const modes = new Map([
  ['packs', ['test/packages/packs.check.ts']],
  ['rehearsal', ['test/packages/packed.test.ts']],
  ['coverage', ['packages/*/test/**/*.test.ts', 'test/fleet/{lost-lease,other-secret,pool,shared-*,two-clocks,unreliable-store}.test.ts']],
]);
/** The branches of each published package that its own tests have to run through, in percent. */
const branches = 95;
const published = ['auth-core', 'auth-store-redis', 'auth-store-sqlite', 'datacomsys-auth', 'esignon-auth'];
/** Tests that start more processes than there are processors, and promise how long those take: nothing else runs beside them. */
const crowded = ['test/fleet/killed-holder.test.ts', 'test/fleet/many-processes.test.ts'];

export default defineConfig(({ mode }) => ({
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
    coverage: {
      include: ['packages/*/src/**'],
      reporter: ['text', 'json-summary'],
      thresholds: Object.fromEntries(published.map((name) => [`packages/${name}/src/**`, { branches }])),
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: modes.get(mode) ?? tests,
          exclude: [...configDefaults.exclude, ...crowded],
          // Many tests wait, for a process or for a lease to end: no processor is spared for the runner itself.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
          globalSetup: modes.has(mode) ? [] : ['test/tell-skipped.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'one by one', include: modes.has(mode) ? [] : crowded, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
}));
