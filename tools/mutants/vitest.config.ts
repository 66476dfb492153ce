import { join } from 'node:path';

import * as v from 'valibot';
import { defineConfig } from 'vitest/config';

import { applyChange, changeSchema } from './change.ts';

const { MUTANTS_TESTS = '', MUTANTS_CHANGE } = process.env;
const change = MUTANTS_CHANGE === undefined ? undefined : v.parse(changeSchema, JSON.parse(MUTANTS_CHANGE));

// For the tests of one group of files, and with one change of a source where that is given. Stryker takes neither but from a file of its own.
export default defineConfig({
  plugins:
    change === undefined
      ? []
      : [
          {
            name: 'change',
            enforce: 'pre',
            transform: (code, id) => (id.endsWith(`/${change.file}`) ? applyChange(code, change) : undefined),
          },
        ],
  // In the copy that Stryker works on, the core is that of the copy: by the packages' own links it would be the one that nobody changes.
  resolve: {
    alias: ['', '/provider', '/testing'].map((entry) => ({
      find: new RegExp(`^@x/auth-core${entry}$`),
      replacement: join(import.meta.dirname, `../../packages/auth-core/src${entry}/index.ts`),
    })),
  },
  ssr: { resolve: { conditions: ['@x/source', 'module', 'node', 'development|production'] } },
  test: {
    include: MUTANTS_TESTS.split('\n'),
    env: { NO_PROXY: '*', no_proxy: '*' },
    execArgv: ['--conditions=@x/source'],
    pool: 'forks',
    // What is kept from another run is of another change.
    fsModuleCache: false,
    // Other work on the machine must not look like a test that notices.
    testTimeout: 20_000,
  },
});
