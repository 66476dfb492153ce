import { randomBytes } from 'node:crypto';

/** The tokens that a sandbox has handed out and still takes. */
export interface IssuedTokens<Account> {
  /** A new random token for an account. */
  issue(account: Account): string;
  /** Whose token this is; undefined = it was never issued, was revoked or has ended. */
  owner(token: string): Account | undefined;
  /** Ends one token, or all. */
  revoke(token?: string): void;
}

/** How tokens are issued. */
export interface IssuedTokensOptions {
  /** A new token ends the older ones of the same account. Default: false. */
  readonly singleSession?: boolean;
  /** How long a token is taken, in milliseconds. Default: for ever. */
  readonly lifetime?: number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Nothing issued yet. Accounts are told apart by identity. */
export function createIssuedTokens<Account extends object>(options: IssuedTokensOptions = {}): IssuedTokens<Account> {
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
