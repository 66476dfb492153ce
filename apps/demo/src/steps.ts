import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type AuthError, type AuthErrorCode, type ChannelMessages, channels, isAuthError, type TokenProvider } from '@x/auth-core';

import type { Vendor } from './vendors.ts';

/** One thing that the demo shows. */
export interface Step {
  /** The situation. */
  readonly title: string;
  /** What the packages do in it. */
  readonly lesson: string;
  /** What is done with each vendor, in this order. */
  readonly acts: readonly Act[];
}

/** Does one thing with one vendor. Throws if the outcome is not the expected one. */
export type Act = (vendor: Vendor) => Promise<Finding>;

/** What was done and found to be right. */
interface Finding {
  readonly did: string;
  readonly notes?: readonly string[];
  /** How many logins it should have caused. */
  readonly logins: number;
}

/** @throws Error with this message if the condition is false. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** What the demo shows, in this order. */
export const steps: readonly Step[] = [
  {
    title: 'The first call',
    lesson: 'You make the call; the provider logs in first and adds the token. eSignon is called with fetch here, DataComSys with undici.',
    acts: [async ({ call, connection }) => ({ did: `${call}: "${await connection.askName()}"`, logins: 1 })],
  },
  {
    title: 'The second call',
    lesson: 'The token is cached: no login, and no I/O to get it.',
    acts: [async ({ call, connection }) => ({ did: `${call}: "${await connection.askName()}"`, logins: 0 })],
  },
  {
    title: 'The vendor revokes the token',
    lesson: 'The rejection is recognised, the token renewed once, and the call repeated.',
    acts: [meetRevokedToken],
  },
  {
    title: 'A thousand callers at once, and no token yet',
    lesson: 'All callers share one login.',
    acts: [shareOneLogin],
  },
  {
    title: 'A wrong password',
    lesson: "The error has a code for programs, and tells people what to do and what the vendor's message was.",
    acts: [beRefused],
  },
  {
    title: 'The wrong password again, then the right one',
    lesson: 'Refused credentials are not sent again during the cooldown: that could lock the account. Another password is tried at once.',
    acts: [coolDown, correctPassword],
  },
  {
    title: 'The token is about to end',
    lesson:
      'Callers keep getting the current token while one refresh runs in the background. (The clock is put forward here; nobody waits.)',
    acts: [refreshAhead],
  },
];

async function meetRevokedToken({ sandbox, connection, call }: Vendor): Promise<Finding> {
  const seen = sandbox.requests.length;
  sandbox.revoke();
  const name = await connection.askName();
  const basePath = new URL(sandbox.url).pathname.replace(/\/$/, '');
  const sent = sandbox.requests.slice(seen).map(({ method, path }) => `${method} ${path.slice(basePath.length)}`);
  const [rejected, login, repeated] = sent;
  check(sent.length === 3 && rejected === call && repeated === call, `unexpected requests: ${sent.join(', ')}`);
  const notes = [`1. ${rejected}: rejected`, `2. ${login}: a new token`, `3. ${repeated}: answered`];
  return { did: `the caller got "${name}"`, notes, logins: 1 };
}

async function shareOneLogin({ connect, sandbox }: Vendor): Promise<Finding> {
  const tokens = await askThousandTimes(connect(() => sandbox.accounts[0].password).provider);
  check(new Set(tokens).size === 1, 'the callers did not all get the same token');
  return { did: '1,000 callers got the same token', logins: 1 };
}

async function beRefused({ mistyped }: Vendor): Promise<Finding> {
  const { code, vendorCode, vendorMessage, message } = await failureOf(mistyped.provider, 'INVALID_CREDENTIALS');
  check(vendorMessage !== undefined && message.includes(vendorMessage), "the error lacks the vendor's message");
  return { did: `${code}, vendor's code ${vendorCode}`, notes: [message], logins: 1 };
}

async function coolDown({ mistyped }: Vendor): Promise<Finding> {
  const { code, reason, retryAfter = 0 } = await failureOf(mistyped.provider, 'COOLING_DOWN');
  check(reason === 'INVALID_CREDENTIALS' && retryAfter > 0, 'the error lacks the reason, or the end of the cooldown');
  return { did: `the wrong one: ${code}, ${Math.ceil(retryAfter / 1_000)} s`, logins: 0 };
}

async function correctPassword({ mistyped }: Vendor): Promise<Finding> {
  mistyped.correct();
  return { did: `the right one: "${await mistyped.askName()}"`, logins: 1 };
}

async function refreshAhead({ connection: { provider }, clock }: Vendor): Promise<Finding> {
  const minute = 60_000;
  const current = await provider.getToken();
  if (current.expiresAt === undefined) return { did: 'its token has no end: nothing to do', logins: 0 };
  clock.step(current.expiresAt - 5 * minute - clock.now());
  const refreshed = nextRefresh(provider.name);
  const tokens = await askThousandTimes(provider);
  check(
    tokens.every((token) => token === current),
    'a caller had to wait for the refresh',
  );
  check((await refreshed).ok, 'the refresh failed');
  const gained = Math.round((((await provider.getToken()).expiresAt ?? 0) - current.expiresAt) / minute);
  check(gained > 0, 'the refresh brought no token that lasts longer');
  const notes = ['each got the current token at once', `in the background, one refresh: ${gained} minutes more`];
  return { did: '1,000 calls five minutes before the end', notes, logins: 1 };
}

function askThousandTimes(provider: TokenProvider): Promise<unknown[]> {
  return Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
}

/** The next refresh of a provider; rejects after ten seconds without one. */
async function nextRefresh(provider: string): Promise<ChannelMessages['refresh']> {
  const { promise, resolve, reject } = Promise.withResolvers<ChannelMessages['refresh']>();
  const listen = (payload: unknown): void => {
    const message = payload as ChannelMessages['refresh']; // the documented payload of the channel
    if (message.provider === provider) resolve(message);
  };
  subscribe(channels.refresh, listen);
  const timer = setTimeout(() => reject(new Error('there was no refresh for ten seconds')), 10_000);
  return promise.finally(() => {
    unsubscribe(channels.refresh, listen);
    clearTimeout(timer);
  });
}

/** The error of a login that must fail with this code. */
async function failureOf(provider: TokenProvider, code: AuthErrorCode): Promise<AuthError> {
  const error = await provider.getToken().then(
    () => new Error(`the login worked instead of failing with ${code}`),
    (reason: unknown) => reason,
  );
  if (isAuthError(error) && error.code === code) return error;
  throw error;
}
