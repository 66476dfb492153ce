import type { TokenStore } from '../stores/token-store.ts';

/** A store that was opened for one test. */
export interface OpenedStore {
  /** The store itself. */
  readonly store: TokenStore;
  /** Opens the same data once more, as another process would: over a connection of its own. A store that lives in one process returns itself. */
  readonly another: () => TokenStore | Promise<TokenStore>;
  /** Called when the test is over, also where it failed. */
  close?(): void | Promise<void>;
}

/** What a store has to offer beyond `get`, `set` and `delete`. What it has not is not tested. */
export interface StoreCapabilities {
  /** It has `tryLock`. */
  readonly tryLock: boolean;
}

/** The store under test. */
export interface StoreUnderTest {
  /** What the suite is called. */
  readonly name: string;
  /** What it has to offer. */
  readonly capabilities: StoreCapabilities;
  /** Opens an empty store. */
  create(): OpenedStore | Promise<OpenedStore>;
}
