import { type Cell, judgeLogin, logIn, mostTime, openPlace, type Place, timed, worksAfterwards } from './cell.ts';
import { works } from './fault.ts';
import { type Locking, type StoreFault, storeTimeout } from './faults/stores.ts';
import type { OpenStore } from './stores.ts';
import type { Vendor } from './vendors.ts';

/** Whoever waits for a lease does so for twice the timeout. */
const impatient = 1_000;
const patient = 10_000;

/** Two logins over a store that fails, one provider after the other, and one more of each after a rejection. */
export function storeCell(vendor: Vendor, open: OpenStore, fault: StoreFault, elsewhere: string): Cell {
  return {
    name: `${vendor.name}, ${open.store}: ${fault.name}`,
    async run() {
      await using place = await openPlace(vendor, elsewhere);
      using opened = open();
      const store = fault.spoil(opened.store as Locking); // both kinds have leases
      const timeout = fault.waits === true ? impatient : patient;
      const settings = { store, storeTimeout, timeout, attemptTimeout: timeout };
      const providers = [place.createProvider({}, settings), place.createProvider({}, settings)] as const;
      const wrong = await timed(mostTime, () => logInTwice(place, providers, [fault.logins].flat()));
      return [...wrong, ...(await worksAfterwards(place, providers[1]))];
    },
  };
}

type Providers = readonly [ReturnType<Place['createProvider']>, ReturnType<Place['createProvider']>];

async function logInTwice(place: Place, [first, second]: Providers, logins: readonly number[]): Promise<string[]> {
  const { gateway } = place;
  const one = await logIn(place, () => first.getToken());
  const two = await logIn(place, () => second.getToken());
  const found = logins.includes(gateway.logins) ? [] : [`${gateway.logins} logins instead of ${logins.join(' or ')}`];
  const rejected = one.token;
  const three = await logIn(place, () => first.getToken(rejected === undefined ? {} : { rejected }));
  const renewed = three.token?.value === rejected?.value ? ['the rejected token again'] : [];
  const anyNumber = [works, { ...works, exchanges: 0 }];
  return [...[one, two, three].flatMap((result) => judgeLogin(anyNumber, result, gateway.tokens)), ...found, ...renewed];
}
