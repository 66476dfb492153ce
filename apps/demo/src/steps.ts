import { type AuthError, type AuthErrorCode, type ChannelMessages, isAuthError, type TokenProvider } from '@x/auth-core';

import { onMessage, type SandboxControls, type Vendor } from './vendors.ts';

/** One thing that the demo shows. */
export interface Step {
  readonly id: string;
  /** The situation. */
  readonly title: string;
  /** What the packages do in it. */
  readonly lesson: string;
  /** What is done with each vendor, in this order. */
  readonly acts: readonly Act[];
}

/** Does one thing with one vendor and checks the outcome. Throws if it is not the expected one. */
export type Act = (vendor: Vendor) => Promise<Finding | { readonly skipped: string }>;

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

export const firstCall: Step = {
  id: 'first-call',
  title: 'The first call',
  lesson: 'You make the call; the provider logs in first and adds the token. eSignon is called with fetch here, DataComSys with undici.',
  acts: [async (vendor) => ({ did: `${vendor.call}: "${await vendor.askName(vendor.provider)}"`, logins: 1 })],
};

const secondCall: Step = {
  id: 'second-call',
  title: 'The second call',
  lesson: 'The token is cached: no login, and no I/O to get it.',
  acts: [
    async (vendor) => {
      const cached = vendor.provider.peekToken();
      const name = await vendor.askName(vendor.provider);
      check(cached !== undefined && vendor.provider.peekToken() === cached, 'the second call did not use the token of the first');
      return { did: `${vendor.call}: "${name}"`, logins: 0 };
    },
  ],
};

const revokedToken: Step = {
  id: 'revoked-token',
  title: 'The vendor revokes the token',
  lesson: 'The rejection is recognised, the token renewed once, and the call repeated.',
  acts: [
    async (vendor) => {
      if (vendor.sandbox === undefined) return { skipped: 'the token of a real vendor is not revoked' };
      const { requests, revoke } = vendor.sandbox;
      const seen = requests.length;
      revoke();
      const name = await vendor.askName(vendor.provider);
      const basePath = new URL(vendor.url).pathname.replace(/\/$/, '');
      const sent = requests.slice(seen).map(({ method, path }) => `${method} ${path.slice(basePath.length)}`);
      const [rejected, login, repeated] = sent;
      check(sent.length === 3 && rejected === vendor.call && repeated === vendor.call, `unexpected requests: ${sent.join(', ')}`);
      const notes = [`1. ${rejected}: rejected`, `2. ${login}: a new token`, `3. ${repeated}: answered`];
      return { did: `the caller got "${name}"`, notes, logins: 1 };
    },
  ],
};

const thousandCallers: Step = {
  id: 'thousand-callers',
  title: 'A thousand callers at once, and no token yet',
  lesson: 'All callers share one login.',
  acts: [
    async (vendor) => {
      const tokens = new Set(await askThousandTimes(vendor.createProvider()));
      check(tokens.size === 1, 'the callers did not all get the same token');
      return { did: '1,000 callers got the same token', logins: 1 };
    },
  ],
};

const wrongPassword: Step = {
  id: 'wrong-password',
  title: 'A wrong password',
  lesson: "The error has a code for programs, and tells people what to do and what the vendor's message was.",
  acts: [
    async (vendor) => {
      if (vendor.sandbox === undefined) return { skipped: 'a wrong password is never tried on a real vendor' };
      const error = await failureOf(vendor.sandbox.mistyped.provider, 'INVALID_CREDENTIALS');
      const { code, vendorCode, vendorMessage, message } = error;
      check(vendorCode !== undefined && vendorMessage !== undefined, "the error lacks the vendor's code or message");
      check(message.includes(vendorMessage), "the error's message lacks the vendor's message");
      return { did: `${code}, vendor's code ${vendorCode}`, notes: [message], logins: 1 };
    },
  ],
};

const cooldown: Step = {
  id: 'cooldown',
  title: 'The wrong password again, then the right one',
  lesson: 'Refused credentials are not sent again during the cooldown: that could lock the account. Another password is tried at once.',
  acts: [
    async ({ sandbox }) => {
      if (sandbox === undefined) return { skipped: 'it needs a wrong password' };
      const { code, reason, retryAfter = 0 } = await failureOf(sandbox.mistyped.provider, 'COOLING_DOWN');
      check(reason === 'INVALID_CREDENTIALS' && retryAfter > 0, 'the error lacks the reason, or the end of the cooldown');
      return { did: `the wrong one: ${code}, ${Math.ceil(retryAfter / 1_000)} s`, logins: 0 };
    },
    async ({ sandbox, askName }) => {
      if (sandbox === undefined) return { skipped: 'it needs a wrong password' };
      sandbox.mistyped.correct();
      return { did: `the right one: "${await askName(sandbox.mistyped.provider)}"`, logins: 1 };
    },
  ],
};

const refreshAhead: Step = {
  id: 'refresh-ahead',
  title: 'The token is about to end',
  lesson: 'Callers keep getting the current token while one refresh runs in the background. (The clock is put forward here; nobody waits.)',
  acts: [
    async ({ provider, sandbox }) => {
      const { expiresAt } = await provider.getToken();
      if (expiresAt === undefined) return { did: 'its token has no end: nothing to do', logins: 0 };
      if (sandbox === undefined) return { skipped: 'the clock of a real vendor cannot be put forward' };
      return refresh(provider, sandbox, expiresAt);
    },
  ],
};

/** What the demo shows, in this order. */
export const steps: readonly Step[] = [firstCall, secondCall, revokedToken, thousandCallers, wrongPassword, cooldown, refreshAhead];

async function refresh(provider: TokenProvider, { clock }: SandboxControls, expiresAt: number): Promise<Finding> {
  const minute = 60_000;
  const current = await provider.getToken();
  clock.putForward(expiresAt - 5 * minute - clock.now());
  const refreshed = nextRefresh(provider.name);
  const began = performance.now();
  const tokens = await askThousandTimes(provider);
  const waited = Math.ceil(performance.now() - began);
  check(
    tokens.every((token) => token === current),
    'a caller had to wait for the refresh',
  );
  check((await refreshed).ok, 'the refresh failed');
  const renewed = await provider.getToken();
  const gained = Math.round(((renewed.expiresAt ?? 0) - expiresAt) / minute);
  check(renewed !== current && gained > 0, 'the refresh brought no token that lasts longer');
  const notes = [
    `each got the current token at once, the last one after ${waited} ms`,
    `in the background, one refresh: ${gained} minutes more`,
  ];
  return { did: '1,000 calls five minutes before the end', notes, logins: 1 };
}

function askThousandTimes(provider: TokenProvider): Promise<unknown[]> {
  return Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
}

/** The next refresh of a provider; rejects after ten seconds without one. */
async function nextRefresh(provider: string): Promise<ChannelMessages['refresh']> {
  const { promise, resolve, reject } = Promise.withResolvers<ChannelMessages['refresh']>();
  const stop = onMessage('refresh', provider, resolve);
  const timer = setTimeout(() => reject(new Error('there was no refresh for ten seconds')), 10_000);
  return promise.finally(() => {
    stop();
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
