import { type Cell, expectationsOf, judgeLogin, logIn, mostTime, openPlace, timed, worksAfterwards } from './cell.ts';
import type { Fault } from './fault.ts';
import type { Vendor } from './vendors.ts';

/** `getToken()` whose login meets a fault, and then one that does not. */
export function loginCell(vendor: Vendor, fault: Fault, elsewhere: string): Cell {
  return {
    name: `${vendor.name}, login: ${fault.name}`,
    async run() {
      await using place = await openPlace(vendor, elsewhere);
      const provider = place.createProvider(fault);
      place.gateway.disturb(fault, 'login');
      const wrong = await timed(mostTime, async () => {
        const result = await logIn(place, () => provider.getToken());
        return judgeLogin(expectationsOf(fault, vendor), result, place.gateway.tokens);
      });
      return [...wrong, ...(await worksAfterwards(place, provider))];
    },
  };
}
