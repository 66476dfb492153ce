import { expect, it } from 'vitest';

import { describeOnEachStore } from './store-places.ts';
import { openStore } from './store-spec.ts';
import { listenForStoreTroubles } from './store-troubles.ts';
import { rightPassword, stubAccount } from './stub-account.ts';
import { waitUntil } from './wait-until.ts';

describeOnEachStore('a holder that lost its lease', (open) => {
  it('a holder that lost its lease does not overwrite what came after it, and goes on with that', async () => {
    await using place = await open();
    using first = await openStore(place.spec());
    using second = await openStore(place.spec());
    using troubles = listenForStoreTroubles();
    const account = stubAccount();

    const held = account.hold();
    const late = account.provider({ store: first.store }).getToken();
    await waitUntil('the first one logs in', () => account.tried.length === 1);
    await place.dropLeases();
    const next = account.provider({ store: second.store });
    account.hold().release();
    const token = await next.getToken();
    expect(token.value).toBe('token-account-2');
    expect(troubles.said).toEqual([]);

    held.release();
    expect((await late).value).toBe(token.value);
    expect(troubles.said).toEqual(['set lease lost']);
    expect((await account.provider({ store: first.store }).getToken()).value).toBe(token.value);
    expect(account.tried).toEqual([rightPassword, rightPassword]);
  });

  it('a holder that lost its lease does not take away the lease of the one that came after it', async () => {
    await using place = await open();
    using first = await openStore(place.spec());
    const account = stubAccount();

    const held = account.hold();
    const late = account.provider({ store: first.store }).getToken();
    await waitUntil('the first one logs in', () => account.tried.length === 1);
    await place.dropLeases();
    const heldToo = account.hold();
    const next = account.provider({ store: first.store }).getToken();
    await waitUntil('the next one logs in', () => account.tried.length === 2);
    held.release();
    await late;

    const third = account.provider({ store: first.store }).getToken();
    heldToo.release();
    expect((await third).value).toBe((await next).value);
    expect(account.tried).toHaveLength(2);
  });
});
