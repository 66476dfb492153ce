/** The test runner that a contract suite uses: `describe` and `it` of vitest, `node:test`, Jest or Mocha. */
export interface TestRunner {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Registers a test; the test fails if its promise rejects. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
