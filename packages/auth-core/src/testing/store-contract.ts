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
 *   capabilities: { lock: true, lockTtl: true },
 *   create: ({ lockTtl }) => ({ store: myStore({ lockTtl }), another: (options = { lockTtl }) => myStore(options) }),
 * });
 * ```
 *
 * Each test makes a store of its own. A test that waits does so for the store, never for a time: a store that breaks its promise may
 * show as a test that the runner ends for taking too long.
 */
export function describeTokenStore(runner: TestRunner, subject: StoreUnderTest): void {
  runner.describe(`${subject.name} keeps the contract of a token store`, () => {
    describeValues(runner, subject);
    if (!subject.capabilities.lock) return;
    describeLeases(runner, subject);
    describeLostLeases(runner, subject);
  });
}
