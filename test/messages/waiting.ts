import { AuthError, memoryStore, type TokenStore } from '@x/auth-core';
import { manualClock } from '@x/auth-core/testing';

import type { Situation } from './situation.ts';
import { atEsignonTwice, password, providerOf } from './stage.ts';

/** Five wrong passwords of one account, and then a sixth. */
async function sixPasswords(): Promise<unknown> {
  let tries = 0;
  const login = () => Promise.reject(new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'acme', message: 'acme: refused' }));
  const provider = providerOf({ secret: () => `${password}-${(tries += 1)}`, login });
  for (let call = 1; call <= 5; call += 1) await provider.getToken().catch(() => undefined);
  return provider.getToken();
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
  { about: 'five wrong passwords', stage: sixPasswords },
  { about: 'a vendor that asked for a pause', stage: () => atEsignonTwice({ status: 503, retryAfter: 20 }) },
  { about: 'a web page, once more', stage: () => atEsignonTwice('garbage') },
  { about: 'a token that ended while it was stored', stage: slowStore },
  { about: 'the signal of the caller fires', stage: stopWaiting },
  { about: 'an error of the author that holds the password', stage: () => providerOf({ login: tellsTooMuch }).getToken() },
];
