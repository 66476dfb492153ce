/** What a contract suite needs of a test runner: the `describe` and `it` of vitest, `node:test`, Jest or Mocha will do. */
export interface TestRunner {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Runs one test, which fails by rejecting. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
