import type { TokenProvider } from '@x/auth-core';
import type { LoggedRequest } from '@x/auth-core/testing';

import type { DemoClock } from './demo-clock.ts';

/** A vendor as the steps see it. */
export interface Vendor extends AsyncDisposable {
  /** As it is shown: `"eSignon"`. */
  readonly label: string;
  /** Where it lives. */
  readonly url: string;
  /** Its first protected call: `"GET /account"`. */
  readonly call: string;
  /** The provider that most steps use. */
  readonly provider: TokenProvider;
  /** Another provider of the same account, which has no token yet. */
  createProvider(): TokenProvider;
  /** Makes the protected call and returns the name that the vendor knows the caller by. */
  askName(provider: TokenProvider): Promise<string>;
  /** How many logins the vendor saw so far. */
  logins(): number;
  /** Absent = the real vendor, with which nobody plays. */
  readonly sandbox?: SandboxControls;
}

/** What can be done to a sandbox and not to a vendor. */
export interface SandboxControls {
  readonly clock: DemoClock;
  readonly requests: readonly LoggedRequest[];
  /** Ends every token that was handed out. */
  readonly revoke: () => void;
  /** A provider whose password is wrong until it is corrected. */
  readonly mistyped: { readonly provider: TokenProvider; readonly correct: () => void };
}

/** What the two kinds of vendor are made of. */
export interface VendorKit {
  readonly label: string;
  readonly call: string;
  readonly url: string;
  create(password?: () => string): TokenProvider;
  askName(provider: TokenProvider): Promise<string>;
}
