import { defineConfig } from 'vitest/config';

// The tests of one group of files, as main.ts names them: Stryker lets a config file say which tests there are, and nothing else does it for all of its runs.
export default defineConfig({
  ssr: { resolve: { conditions: ['@x/source', 'module', 'node', 'development|production'] } },
  test: {
    include: (process.env['MUTANTS_TESTS'] ?? '').split('\n'),
    env: { NO_PROXY: '*', no_proxy: '*' },
    execArgv: ['--conditions=@x/source'],
    pool: 'forks',
    // Other work on the machine must not make a mutant.
    testTimeout: 20_000,
  },
});
