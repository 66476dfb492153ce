import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import { sqliteStore } from '@x/auth-store-sqlite';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';

import { datacomsysAccount, esignonAccount } from './accounts.ts';
import type { Chance } from './random.ts';
import { removeNowAndThen, steppingClock, storeThatComesAndGoes, type Weather } from './weather.ts';
import type { VendorsStarted } from './vendors.ts';

/** A provider, and how its vendor is called. */
export interface Subject {
  readonly vendor: 'esignon' | 'datacomsys';
  readonly provider: TokenProvider;
}

/** Both vendors' providers: alone, over a store that comes and goes, and over a SQLite file, two of them on each. */
export function createSubjects(urls: VendorsStarted['urls'], sqlitePath: string, weather: Weather, chance: Chance): Subject[] {
  const shared = storeThatComesAndGoes(weather, chance.fork('store'));
  removeNowAndThen(weather, sqlitePath);
  const stores = [undefined, shared, shared, sqliteStore({ path: sqlitePath }), sqliteStore({ path: sqlitePath })];
  return stores.flatMap((store, at) => {
    const ofThisOne = chance.fork(`provider ${at}`);
    const options: TokenProviderOptions = {
      store,
      // Everything is faster than in life, so that much happens: rejections, refusals and outages come every second.
      timeout: 3_000,
      attemptTimeout: 400,
      storeTimeout: 200,
      cooldown: 20,
      rejectionBudget: 100_000,
      clock: steppingClock(weather, ofThisOne.fork('clock')),
      random: () => ofThisOne.next(),
    };
    return [
      { vendor: 'esignon' as const, provider: createEsignonTokenProvider({ ...esignonAccount, baseUrl: urls.esignon, ...options }) },
      {
        vendor: 'datacomsys' as const,
        provider: createDatacomsysTokenProvider({
          codePort: datacomsysAccount.codePort,
          idERP: datacomsysAccount.idERP,
          password: datacomsysAccount.password,
          baseUrl: urls.datacomsys,
          ...options,
        }),
      },
    ];
  });
}
