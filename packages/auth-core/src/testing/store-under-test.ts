import type { TokenStore } from '../stores/token-store.ts';

/** A store that was opened for one test. */
export interface OpenedStore {
  /** The store itself. */
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
  /** What the suite is called. */
  readonly name: string;
  /** What it has to offer. */
  readonly capabilities: StoreCapabilities;
  /** Opens an empty store. `lockTtl` (milliseconds) is only given where the capability says that it can be. */
  create(options: { lockTtl?: number }): OpenedStore | Promise<OpenedStore>;
}
