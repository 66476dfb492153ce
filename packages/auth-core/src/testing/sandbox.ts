import { randomBytes } from 'node:crypto';

import * as v from 'valibot';

import { parseOptions } from '../validation.ts';
import type { ReceivedRequest, Reply } from './exchange.ts';
import type { Fault } from './fault.ts';
import { startFaultyServer } from './faulty-server.ts';
import { type LoggedRequest, type Secrets, secretsEntries } from './request-log.ts';
import { functionSchema, type ServerOptions, serverOptionEntries } from './server-options.ts';

/** A local stand-in for a vendor: an HTTP server on 127.0.0.1 that behaves as the vendor's documents say and fails on demand. */
export interface Sandbox<Account> extends AsyncDisposable {
  /** The base URL, without a slash at the end. Only what is below it is answered: anything else is HTTP 404. */
  readonly url: string;
  /** The accounts of the sandbox with their passwords; at least one. A changed password applies from the next login on. */
  readonly accounts: readonly [Account, ...Account[]];
  /** The number of login requests, including those that were refused or failed. */
  readonly logins: number;
  /** The latest 10,000 requests without their secrets, oldest first; grows with each request. */
  readonly requests: readonly LoggedRequest[];
  /** Revokes one token; all tokens if none is given. */
  revoke(token?: string): void;
  /**
   * Queues a fault for the next exchanges. Each exchange uses the oldest fault that fits it.
   *
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: SandboxFailOptions): void;
  /** Stops listening and closes every connection. Can be called more than once. */
  close(): Promise<void>;
}

/** Options of {@link Sandbox.fail}. */
export interface SandboxFailOptions {
  /** How many exchanges fail; `Infinity` for all. Default: 1. */
  readonly times?: number;
  /** Whether logins fail, the other calls, or any exchange. Default: `'any'`. */
  readonly on?: 'login' | 'call' | 'any';
}

/** The options that every sandbox takes. */
export interface SandboxOptions extends ServerOptions {
  /** Whether a login revokes the older token of the same account. Default: false. */
  readonly singleSession?: boolean | undefined;
}

const optionsSchema = v.object({ ...serverOptionEntries, singleSession: v.optional(v.boolean()) });

/** The behaviour of one vendor, written by the author of a sandbox. */
export interface VendorBehaviour<Account extends object> extends Secrets {
  /** The accounts of the sandbox; at least one. */
  readonly accounts: readonly Account[];
  /** How long the vendor accepts a token, in milliseconds. Default: without end. */
  readonly lifetime?: number | undefined;
  /** Whether the request is a login. */
  isLogin(request: ReceivedRequest): boolean;
  /** Replies to a login or another call. */
  answer(request: ReceivedRequest, tokens: IssuedTokens<Account>): Reply | Promise<Reply>;
}

const behaviourSchema = v.object({
  ...secretsEntries,
  accounts: v.array(v.unknown()),
  lifetime: v.optional(v.number()),
  isLogin: functionSchema,
  answer: functionSchema,
});

/**
 * Starts the sandbox of one vendor. A sandbox with options of its own takes them out first: `{ accounts, ...options }`.
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known; RangeError if there is no account; the error of `listen` if the port is not available.
 */
export async function startSandbox<Account extends object>(
  vendor: VendorBehaviour<Account>,
  options: SandboxOptions = {},
): Promise<Sandbox<Account>> {
  parseOptions(behaviourSchema, vendor, 'startSandbox');
  parseOptions(optionsSchema, options, 'startSandbox');
  const [first, ...others] = vendor.accounts;
  if (first === undefined) throw new RangeError('accounts: expected at least one');
  const { secretFields, scheme, lifetime } = vendor;
  const { singleSession, ...serverOptions } = options;
  const tokens = createIssuedTokens<Account>({ singleSession, lifetime, now: options.now });
  let logins = 0;
  const onRequest = (request: ReceivedRequest): void => {
    if (vendor.isLogin(request)) logins += 1;
  };
  const server = await startFaultyServer((request) => vendor.answer(request, tokens), {
    ...serverOptions,
    secretFields,
    scheme,
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

/** The tokens that a sandbox has issued and still accepts. */
export interface IssuedTokens<Account> {
  /** Creates a random token for an account. */
  issue(account: Account): string;
  /** The account of a token; undefined if the token was not issued here, was revoked or has expired. */
  owner(token: string): Account | undefined;
  /** Revokes one token; all tokens if none is given. */
  revoke(token?: string): void;
}

/** Options of {@link createIssuedTokens}. */
export interface IssuedTokensOptions {
  /** Whether a new token revokes the older one of the same account. Default: false. */
  readonly singleSession?: boolean | undefined;
  /** How long a token is accepted, in milliseconds. Default: without end. */
  readonly lifetime?: number | undefined;
  /** The clock, in epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const tokensSchema = v.object({
  singleSession: v.optional(v.boolean()),
  lifetime: v.optional(v.number()),
  now: v.optional(functionSchema),
});

/**
 * Creates an empty set of issued tokens. Accounts are compared by identity.
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known.
 */
export function createIssuedTokens<Account extends object>(options: IssuedTokensOptions = {}): IssuedTokens<Account> {
  parseOptions(tokensSchema, options, 'createIssuedTokens');
  const { singleSession = false, lifetime = Infinity, now = Date.now } = options;
  const issued = new Map<string, { account: Account; endsAt: number }>();
  const latest = new WeakMap<Account, string>();
  return {
    issue(account) {
      const older = latest.get(account);
      if (singleSession && older !== undefined) issued.delete(older);
      const token = randomBytes(20).toString('hex');
      issued.set(token, { account, endsAt: now() + lifetime });
      latest.set(account, token);
      return token;
    },
    owner(token) {
      const found = issued.get(token);
      return found !== undefined && now() < found.endsAt ? found.account : undefined;
    },
    revoke(token) {
      if (token === undefined) issued.clear();
      else issued.delete(token);
    },
  };
}
