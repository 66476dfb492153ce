/** Files that decide, and the tests that have to notice a change of them: those that tell most in the shortest time. */
export interface Group {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

const core = (paths: readonly string[]): string[] => paths.map((path) => `packages/auth-core/src/${path}.ts`);
const coreTests = (paths: readonly string[]): string[] => paths.map((path) => `packages/auth-core/test/${path}.test.ts`);

export const groups: readonly Group[] = [
  { sources: core(['http-date']), tests: coreTests(['http-date']) },
  { sources: core(['base-url']), tests: coreTests(['base-url']) },
  {
    sources: core(['lifecycle/cooldown', 'lifecycle/rejections', 'lifecycle/token', 'lifecycle/clock']),
    tests: coreTests([
      'lifecycle/account-state',
      'lifecycle/assumed-end',
      'lifecycle/boundaries',
      'lifecycle/events',
      'lifecycle/honest-time',
      'lifecycle/pauses',
      'lifecycle/request-headers',
      'lifecycle/token',
    ]),
  },
  {
    sources: core(['requests/options', 'requests/rejected-request']),
    tests: coreTests(['requests/options', 'requests/fetch', 'requests/interceptor', 'requests/redirects']),
  },
  {
    sources: ['packages/esignon-auth/src/is-rejection.ts', 'packages/esignon-auth/src/expire-date.ts'],
    tests: ['packages/esignon-auth/test/is-rejection.test.ts', 'packages/esignon-auth/test/expire-date.test.ts'],
  },
  {
    sources: ['packages/datacomsys-auth/src/is-rejection.ts', 'packages/datacomsys-auth/src/envelope-status.ts'],
    tests: ['packages/datacomsys-auth/test/is-rejection.test.ts', 'packages/datacomsys-auth/test/login.test.ts'],
  },
  {
    sources: core(['lifecycle/store-entries', 'lifecycle/shared-state']),
    tests: coreTests(['lifecycle/stored-entries', 'lifecycle/account-state', 'lifecycle/leases', 'lifecycle/assumed-end', 'lifecycle/pauses']),
  },
  {
    sources: core(['lifecycle/attempts', 'lifecycle/cached-token-provider', 'lifecycle/token-source']),
    tests: coreTests([
      'lifecycle/account-state',
      'lifecycle/assumed-end',
      'lifecycle/boundaries',
      'lifecycle/callers',
      'lifecycle/events',
      'lifecycle/honest-time',
      'lifecycle/leases',
      'lifecycle/pauses',
      'lifecycle/request-headers',
    ]),
  },
  {
    sources: core(['requests/redirects', 'requests/body', 'requests/judge', 'requests/request']),
    tests: coreTests([
      'requests/as-it-was-given',
      'requests/body-judge',
      'requests/fetch',
      'requests/interceptor',
      'requests/redirects',
      'requests/token-headers',
    ]),
  },
];
