import { describeLeases } from './store-contract-leases.ts';
import { describeLostLeases } from './store-contract-lost-leases.ts';
import { describeValues } from './store-contract-values.ts';
import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * What every `TokenStore` must do, as a suite for any test runner:
 *
 * ```ts
 * import { describe, it } from 'node:test';
 *
 * describeTokenStore({ describe, it }, {
 *   name: 'myStore',
 *   capabilities: { tryLock: true },
 *   create: () => ({ store: myStore('a place'), another: () => myStore('a place') }),
 * });
 * ```
 *
 * Each test makes a store of its own. A test that waits does so for the store, never for a time: a store that breaks its promise may
 * show as a test that the runner ends for taking too long.
 */
export function describeTokenStore(runner: TestRunner, subject: StoreUnderTest): void {
  runner.describe(`${subject.name} keeps the contract of a token store`, () => {
    describeValues(runner, subject);
    if (!subject.capabilities.tryLock) return;
    describeLeases(runner, subject);
    describeLostLeases(runner, subject);
  });
}
