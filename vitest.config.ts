import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@x/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts'],
    env: {
      // Tests talk to servers of their own on loopback; the proxy of a developer's shell must not stand in between.
      NO_PROXY: '*',
      no_proxy: '*',
      // Many tests start processes of their own, and all of these load the same sources.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile-cache'),
    },
    execArgv: ['--conditions=@x/source'],
    pool: 'forks',
    // Many tests wait, for a process or for a lease to end: no processor is spared for the runner itself.
    maxWorkers: '100%',
  },
});
