/** What a contract suite needs of a test runner: the `describe` and `it` of vitest, `node:test`, Jest or Mocha will do. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
