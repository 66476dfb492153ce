/** Files that decide, and the tests that have to notice a change of them: those that tell most in the shortest time. */
export interface Group {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

const core = (paths: readonly string[]): string[] => paths.map((path) => `packages/auth-core/src/${path}.ts`);
const coreTests = (paths: readonly string[]): string[] => paths.map((path) => `packages/auth-core/test/${path}.test.ts`);
const fleetTests = (names: readonly string[]): string[] => names.map((name) => `test/fleet/${name}.test.ts`);

export const groups: readonly Group[] = [
  { sources: core(['http-date']), tests: coreTests(['http-date']) },
  { sources: core(['base-url']), tests: coreTests(['paths-below', 'provider/options']) },
  { sources: core(['lifecycle/clock']), tests: coreTests(['lifecycle/clock']) },
  { sources: core(['lifecycle/cooldown']), tests: coreTests(['lifecycle/cooldown', 'lifecycle/shared-failures']) },
  { sources: core(['lifecycle/rejections']), tests: coreTests(['lifecycle/rejections']) },
  { sources: core(['lifecycle/token']), tests: coreTests(['lifecycle/token']) },
  { sources: core(['requests/options']), tests: coreTests(['requests/origin-check']) },
  { sources: core(['requests/rejected-request']), tests: coreTests(['requests/rejected-request']) },
  { sources: core(['requests/request']), tests: coreTests(['requests/request']) },
  { sources: core(['requests/body']), tests: coreTests(['requests/body']) },
  {
    sources: ['packages/esignon-auth/src/is-rejection.ts', 'packages/esignon-auth/src/expire-date.ts'],
    tests: ['packages/esignon-auth/test/is-rejection.test.ts', 'packages/esignon-auth/test/expire-date.test.ts'],
  },
  {
    sources: ['packages/datacomsys-auth/src/is-rejection.ts', 'packages/datacomsys-auth/src/envelope-status.ts'],
    tests: [
      'packages/datacomsys-auth/test/is-rejection.test.ts',
      'packages/datacomsys-auth/test/envelope-status.test.ts',
      'packages/datacomsys-auth/test/login.test.ts',
    ],
  },
  { sources: core(['lifecycle/store-entries']), tests: coreTests(['lifecycle/store-entries']) },
  {
    sources: core(['lifecycle/shared-state']),
    tests: [...coreTests(['lifecycle/shared-state', 'lifecycle/shared-failures', 'lifecycle/pauses']), ...fleetTests(['shared-refusals'])],
  },
  {
    sources: core(['lifecycle/attempts']),
    tests: coreTests(['lifecycle/attempts', 'lifecycle/boundaries', 'lifecycle/callers', 'lifecycle/leases', 'provider/stalled-refusals']),
  },
  {
    sources: core(['lifecycle/token-source']),
    tests: [
      ...coreTests(['lifecycle/token-source', 'lifecycle/boundaries', 'lifecycle/callers', 'lifecycle/leases', 'lifecycle/pauses']),
      ...coreTests(['lifecycle/account-state', 'lifecycle/assumed-end', 'lifecycle/events', 'lifecycle/used-up-budget']),
    ],
  },
  {
    sources: core(['lifecycle/cached-token-provider']),
    tests: [
      ...coreTests(['lifecycle/account-state', 'lifecycle/assumed-end', 'lifecycle/boundaries', 'lifecycle/callers', 'lifecycle/events']),
      ...coreTests(['lifecycle/cached-token-provider', 'lifecycle/honest-time', 'lifecycle/leases', 'lifecycle/pauses']),
      ...coreTests(['lifecycle/request-headers', 'lifecycle/used-up-budget', 'requests/vendor-time']),
    ],
  },
  { sources: core(['requests/fetch-with-token']), tests: coreTests(['requests/fetch-with-token']) },
  { sources: core(['requests/judge']), tests: coreTests(['requests/body-judge', 'requests/judge', 'requests/known-beginnings']) },
];
