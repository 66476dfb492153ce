import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@x/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts'],
    // Tests talk to servers of their own on loopback; the proxy of a developer's shell must not stand in between.
    env: { NO_PROXY: '*', no_proxy: '*' },
    execArgv: ['--conditions=@x/source'],
    pool: 'forks',
  },
});
