import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels, type Clock, createAuthFetch, memoryStore, type TokenStore } from '@x/auth-core';
import { manualClock } from '@x/auth-core/testing';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { waitUntil } from './wait-until.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const lifetime = 30 * day;

/** True time; a machine's clock is off by so much. */
const time = manualClock();
const clockOf = (error: number): Clock => ({ now: () => time.now() + error, monotonic: () => time.monotonic() });

/** A store between machines counts how long an entry has to live; what instant that is, each machine reckons by its own clock. */
function storeOf(shared: TokenStore, clock: Clock, ends: Map<string, number>): TokenStore {
  return {
    ...shared,
    get: async (key) => ((ends.get(key) ?? Infinity) > time.now() ? shared.get(key) : undefined),
    set(key, value, { expiresAt = Infinity, lease } = {}) {
      ends.set(key, time.now() + (expiresAt - clock.now()));
      return shared.set(key, value, lease === undefined ? {} : { lease });
    },
  };
}

let refused = 0;
let refreshed = 0;
const countRefusal = (): void => void (refused += 1);
const countRefresh = (message: unknown): void => void (refreshed += (message as ChannelMessages['refresh']).ok ? 1 : 0);
beforeEach(() => {
  refused = 0;
  refreshed = 0;
  subscribe(channels.rejection, countRefusal);
  subscribe(channels.refresh, countRefresh);
});
afterEach(() => {
  unsubscribe(channels.rejection, countRefusal);
  unsubscribe(channels.refresh, countRefresh);
});

async function setUp(errors: readonly [number, number], options: { refreshBefore?: number }) {
  const sandbox = await startEsignonSandbox({ now: () => time.now() });
  const shared = memoryStore();
  const ends = new Map<string, number>();
  const sends = errors.map((error) => {
    const clock = clockOf(error);
    const { companyId, email, password } = sandbox.accounts[0];
    const store = storeOf(shared, clock, ends);
    const provider = createEsignonTokenProvider({
      companyId,
      email,
      password,
      baseUrl: sandbox.url,
      clock,
      store,
      random: () => 0,
      ...options,
    });
    return createAuthFetch(provider);
  });
  return {
    sandbox,
    /** Both machines make a request, one after the other. */
    async useBoth() {
      for (const send of sends) expect(await (await send(`${sandbox.url}/api/v2/company`)).text()).toContain('"result_code":"00"');
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

const differences: [number, number][] = [
  [0, 10 * minute],
  [0, -10 * minute],
  [10 * minute, 0],
  [-10 * minute, 0],
  [5 * minute, -5 * minute],
  [-5 * minute, 5 * minute],
];

describe('clocks that are ten minutes apart', () => {
  it.each(differences)(
    'two machines whose clocks differ use each token to its very end and not beyond (off by %i and %i ms)',
    async (...errors) => {
      await using setting = await setUp(errors, { refreshBefore: 0 });
      const { sandbox, useBoth } = setting;
      const began = time.now();
      for (let tokens = 1; tokens <= 2; tokens += 1) {
        for (const moment of [0, 5 * minute, 11 * minute, day, 29 * day, lifetime - hour, lifetime - 11 * minute, lifetime - 2_000]) {
          // Each token after the first is issued three seconds after the end of the one before.
          await time.advance(Math.max(0, began + (tokens - 1) * (lifetime + 3_000) + moment - time.now()));
          await useBoth();
          expect(sandbox.logins).toBe(tokens);
        }
        await time.advance(5_000);
        await useBoth();
      }
      expect(sandbox.logins).toBe(3);
      expect(refused).toBe(0);
    },
  );

  it.each(differences)(
    'two machines whose clocks differ refresh a token once for both, when that is due (off by %i and %i ms)',
    async (...errors) => {
      await using setting = await setUp(errors, { refreshBefore: day });
      const { sandbox, useBoth } = setting;
      for (let tokens = 1; tokens <= 2; tokens += 1) {
        for (let hours = 0; hours < 29 * 24; hours += 12) {
          await useBoth();
          expect(sandbox.logins).toBe(tokens);
          await time.advance(12 * hour);
        }
        expect(refreshed).toBe(2 * (tokens - 1));
        // It goes on behind the requests: the first machine logs in, the other one takes over its token.
        await time.advance(hour);
        await useBoth();
        await waitUntil('both machines have a new token', () => refreshed === 2 * tokens);
        expect(sandbox.logins).toBe(tokens + 1);
      }
      expect(refused).toBe(0);
    },
  );
});
