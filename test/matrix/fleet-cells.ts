import type { AuthError, Clock, TokenStore } from '@x/auth-core';

import { type Cell, expectationsOf, judgeLogin, logIn, type LoginResult, mostTime, openPlace, timed, worksAfterwards } from './cell.ts';
import { type Fault, type LoginExpectation, retries } from './fault.ts';
import type { OpenStore } from './stores.ts';
import type { Vendor } from './vendors.ts';

/** Two providers of one account on one store: what the first one learns from a fault, the second one knows. */
export function fleetCell(vendor: Vendor, open: OpenStore, fault: Fault, elsewhere: string): Cell {
  return {
    name: `${vendor.name}, two providers on ${open.store}: ${fault.name}`,
    async run() {
      await using place = await openPlace(vendor, elsewhere);
      using opened = open();
      const create = (store: TokenStore) => place.createProvider(fault, { store, clock: standingClock() });
      const [first, second] = [create(opened.store), create(opened.store)];
      const { gateway } = place;
      gateway.disturb(fault, 'login');
      const wrong = await timed(2 * mostTime, async () => {
        const result = await logIn(place, () => first.getToken());
        const next = await logIn(place, () => second.getToken());
        return [
          ...judgeLogin(expectationsOf(fault, vendor), result, gateway.tokens),
          ...judgeLogin([afterwards(result)], next, gateway.tokens).map((each) => `the second provider: ${each}`),
          ...(result.token?.value === next.token?.value ? [] : ['another token for the second provider']),
        ];
      });
      return [...wrong, ...(await worksAfterwards(place, second))];
    },
  };
}

/** On a busy machine the shortest pause would be over before the second provider has asked the store. */
function standingClock(): Clock {
  const now = Date.now();
  return { now: () => now, monotonic: () => now };
}

/** A token is shared; a failure for good, and a pause that the vendor asked for, keep the others from asking; any other failure keeps nobody. */
function afterwards({ token, error }: LoginResult): LoginExpectation {
  if (token !== undefined) return { works: true, exchanges: 0 };
  const { code, retryable, retryAfter } = error as AuthError; // judged before
  return retryable && retryAfter === undefined ? { code, exchanges: 1 + retries } : { code: 'COOLING_DOWN', exchanges: 0 };
}
