import type { ReceivedRequest, Reply } from './exchange.ts';
import type { Fault } from './fault.ts';
import { startFaultyServer } from './faulty-server.ts';
import { createIssuedTokens, type IssuedTokens } from './issued-tokens.ts';
import type { LoggedRequest, Secrets } from './request-log.ts';

/** A vendor to practise on: a real HTTP server on 127.0.0.1 that behaves as the vendor's documents say, and fails on demand. */
export interface Sandbox<Account> extends AsyncDisposable {
  /** The base URL, without a slash at the end. */
  readonly url: string;
  /** The accounts that it knows, their passwords included; never none. A password that is changed here counts from the next login on. */
  readonly accounts: readonly [Account, ...Account[]];
  /** How many logins were asked for, refused and spoilt ones included. */
  readonly logins: number;
  /** The latest 10,000 requests, oldest first, secrets left out. Live. */
  readonly requests: readonly LoggedRequest[];
  /** Ends one token, or all. */
  revoke(token?: string): void;
  /**
   * Spoils the next exchanges. Faults queue up: each exchange takes the oldest that fits it.
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: SandboxFailOptions): void;
  /** Stops listening and ends every connection. May be called again. */
  close(): Promise<void>;
}

/** Which exchanges {@link Sandbox.fail} spoils. */
export interface SandboxFailOptions {
  /** How many of them; `Infinity` = all. Default: 1. */
  readonly times?: number;
  /** Only logins, only the other calls, or any exchange. Default: `'any'`. */
  readonly on?: 'login' | 'call' | 'any';
}

/** The options that every sandbox takes. */
export interface SandboxOptions {
  /** The port on 127.0.0.1. Default: 0, a free one. */
  readonly port?: number;
  /** A new login ends the older token of the same account. Default: false. */
  readonly singleSession?: boolean;
  /** The vendor's clock, in epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** What the author of a sandbox writes: how one vendor behaves. */
export interface VendorBehaviour<Account extends object> extends Secrets {
  /** The accounts that the vendor knows; at least one. */
  readonly accounts: readonly Account[];
  /** How long a token is taken, in milliseconds. Default: for ever. */
  readonly lifetime?: number;
  /** Is this a login? */
  isLogin(request: ReceivedRequest): boolean;
  /** Answers a login or any other call. */
  answer(request: ReceivedRequest, tokens: IssuedTokens<Account>): Reply | Promise<Reply>;
}

/**
 * Starts a sandbox of one vendor.
 *
 * @throws RangeError if there is no account; the error of `listen` if the port cannot be had.
 */
export async function startSandbox<Account extends object>(
  vendor: VendorBehaviour<Account>,
  options: SandboxOptions = {},
): Promise<Sandbox<Account>> {
  const [first, ...others] = vendor.accounts;
  if (first === undefined) throw new RangeError('accounts: expected at least one');
  const tokens = createIssuedTokens<Account>({ ...vendor, ...options });
  let logins = 0;
  const onRequest = (request: ReceivedRequest): void => {
    if (vendor.isLogin(request)) logins += 1;
  };
  const server = await startFaultyServer((request) => vendor.answer(request, tokens), {
    ...vendor,
    ...options,
    onRequest,
  });
  return {
    ...server,
    accounts: [first, ...others],
    get logins() {
      return logins;
    },
    revoke: (token) => tokens.revoke(token),
    fail(fault, { times = 1, on = 'any' } = {}) {
      server.fail(fault, {
        times,
        when: (request) => on === 'any' || vendor.isLogin(request) === (on === 'login'),
      });
    },
  };
}
