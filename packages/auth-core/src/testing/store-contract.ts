import type { TokenStore } from '../stores/token-store.ts';
import { describeLeases } from './store-contract-leases.ts';
import { describeLostLeases } from './store-contract-lost-leases.ts';
import { describeValues } from './store-contract-values.ts';
import type { TestRunner } from './test-runner.ts';

/** A store that was opened for one test. */
export interface OpenedStore {
  readonly store: TokenStore;
  /**
   * Opens the same data once more, as another process would: over a connection of its own. A store that lives in one process returns
   * itself. `lockTtl` is only given where the capability says that it can be; otherwise it is that of `create`.
   */
  readonly another: (options?: { lockTtl?: number }) => TokenStore | Promise<TokenStore>;
  /** Called when the test is over, also where it failed. */
  close?(): void | Promise<void>;
}

/** What a store has to offer beyond `get`, `set` and `delete`. What it has not is not tested. */
export interface StoreCapabilities {
  /** It has `lock`. */
  readonly lock: boolean;
  /** Its leases end by themselves after `lockTtl`, and `create` can set that. */
  readonly lockTtl: boolean;
}

/** The store under test. */
export interface StoreUnderTest {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** Opens an empty store. `lockTtl` (milliseconds) is only given where the capability says that it can be. */
  create(options: { lockTtl?: number }): OpenedStore | Promise<OpenedStore>;
}

/**
 * What every {@link TokenStore} must do, as a suite for any test runner:
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
