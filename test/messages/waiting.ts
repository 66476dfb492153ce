import { AuthError, type AuthErrorCode, memoryStore, type TokenProvider, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { manualClock } from '@x/auth-core/testing';

import type { Situation } from './situation.ts';
import { atEsignonTwice, password, providerOf } from './stage.ts';

const fails = (code: AuthErrorCode) => ({
  login: () => Promise.reject(new AuthError({ code, provider: 'acme', message: `acme: ${code}` })),
});

/** Five wrong passwords of one account, and then a sixth, of this process or of another one. */
async function sixPasswords(options: TokenProviderOptions = {}): Promise<unknown> {
  let tries = 0;
  const secret = (): string => `${password}-${(tries += 1)}`;
  const provider = (): TokenProvider => providerOf({ secret, ...fails('INVALID_CREDENTIALS') }, options);
  const one = provider();
  for (let call = 1; call <= 5; call += 1) await one.getToken().catch(() => undefined);
  return (options.store === undefined ? one : provider()).getToken();
}

async function failedElsewhere(): Promise<unknown> {
  const store = memoryStore();
  await providerOf(fails('VENDOR_ERROR'), { store })
    .getToken()
    .catch(() => undefined);
  return providerOf({}, { store }).getToken();
}

/** While the token is stored, its hour passes. */
function slowStore(): Promise<unknown> {
  const clock = manualClock();
  const set: TokenStore['set'] = async () => (await clock.advance(3_600_000), true);
  const login = async () => ({ value: 'token-of-nobody', expiresAt: clock.now() + 3_000_000 });
  return providerOf({ login }, { clock, store: { ...memoryStore(), set } }).getToken();
}

function stopWaiting(): Promise<unknown> {
  const waiting = new AbortController();
  const token = providerOf({ login: () => new Promise(() => undefined) }).getToken({ signal: waiting.signal });
  waiting.abort();
  return token;
}

/** A login that its author's error tells too much of. */
const tellsTooMuch = (): Promise<never> =>
  Promise.reject(new AuthError({ code: 'VENDOR_ERROR', provider: 'acme', message: `acme: ${password} is wrong` }));

/** Where no login is made, or its result comes too late. */
export const waiting: readonly Situation[] = [
  { about: 'a wrong password, once more', stage: () => atEsignonTwice({ result: '10' }) },
  { about: 'five wrong passwords', stage: () => sixPasswords() },
  { about: 'five wrong passwords in another process', stage: () => sixPasswords({ store: memoryStore() }) },
  { about: 'a login of another process that failed for good', stage: failedElsewhere },
  { about: 'a vendor that asked for a pause', stage: () => atEsignonTwice({ status: 503, retryAfter: 20 }) },
  { about: 'a web page, once more', stage: () => atEsignonTwice('garbage') },
  { about: 'a token that ended while it was stored', stage: slowStore },
  { about: 'the signal of the caller fires', stage: stopWaiting },
  { about: 'an error of the author that holds the password', stage: () => providerOf({ login: tellsTooMuch }).getToken() },
];
