/** A vendor of the page. */
export type VendorName = 'esignon' | 'datacomsys';

/** What the page is told, by the name of the server-sent event. Instants are epoch milliseconds of the server's own clock, durations milliseconds. */
export interface Messages {
  /** The first message of a connection, and what follows a new start. */
  hello: Hello;
  /** A vendor has changed. */
  vendor: VendorState;
  /** Something happened. */
  event: PageEvent;
  /** What the calls of the last half second were like. */
  sample: Sample;
  /** Whether there is steady traffic. */
  traffic: { readonly on: boolean };
}

export interface Hello {
  readonly now: number;
  readonly traffic: boolean;
  readonly vendors: readonly VendorState[];
  /** Oldest first. */
  readonly events: readonly PageEvent[];
  readonly samples: readonly Sample[];
}

export interface VendorState {
  readonly name: VendorName;
  readonly label: string;
  readonly baseUrl: string;
  /** The call that is made: `"GET /account"`. */
  readonly call: string;
  readonly now: number;
  /** What the vendor's clock is ahead of the server's own. */
  readonly ahead: number;
  /** The login requests that the vendor counted. */
  readonly logins: number;
  readonly calls: number;
  readonly answered: number;
  readonly mode: GatewayMode;
  /** Whether the vendor knows another password than the provider. */
  readonly passwordDiffers: boolean;
  readonly token?: TokenView | undefined;
  readonly pause?: { readonly reason: string; readonly until: number } | undefined;
  readonly spans: readonly Span[];
}

/** Instants are the vendor's clock's. */
interface TokenView {
  readonly fingerprint: string;
  readonly issuedAt: number;
  readonly expiresAt?: number | undefined;
  readonly refreshAt?: number | undefined;
}

/** Whether the vendor can be reached. */
export type GatewayMode = 'up' | 'slow' | 'down';

/** What went on for a while in the life of a token. */
export interface Span {
  readonly kind: 'in use' | 'rejected' | 'ended' | 'login' | 'renewal' | 'failed' | 'paused';
  readonly from: number;
  /** Absent while it goes on. */
  readonly to?: number | undefined;
  /** The token's fingerprint, or the code of a failure. */
  readonly label?: string | undefined;
  /** Of a token in use: true for every second one, so that one differs from the next. */
  readonly isSecond?: boolean | undefined;
}

export interface PageEvent {
  readonly id: number;
  readonly at: number;
  readonly vendor: VendorName;
  /** One of the core's `channels`; `action` for what somebody did on the page. */
  readonly name: string;
  /** In words. */
  readonly text: string;
  /** The payload of the channel. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Sample {
  readonly at: number;
  readonly vendor: VendorName;
  readonly calls: number;
  /** Of the calls that ended; absent where none did. */
  readonly median?: number | undefined;
  readonly slowest?: number | undefined;
}

/** What an action answers. */
export interface Outcome {
  /** What was done and what came of it, in a sentence. */
  readonly said: string;
  readonly comparison?: Comparison | undefined;
}

/** The same load, once with the provider and once with a login written by hand. */
export interface Comparison {
  readonly calls: number;
  readonly provider: Measured;
  readonly handWritten: Measured;
}

export interface Measured {
  readonly logins: number;
  readonly answered: number;
  readonly duration: number;
  /** How many calls failed, by the code of the failure. */
  readonly failures: Readonly<Record<string, number>>;
}
