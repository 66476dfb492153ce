import { randomBytes } from 'node:crypto';

import { createAuthFetch, encryptedStore, type TokenStore } from '@x/auth-core';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { describeOnEachStore } from './store-places.ts';
import { openStore } from './store-spec.ts';

const account = { companyId: 'acme-marine', email: 'office@acme-marine.example', password: 'what acme alone knows' };
const guess = 'anything at all';

const key = { id: 'this year', key: randomBytes(32) };
const wrappings: { name: string; encrypted: boolean; wrap: (store: TokenStore) => TokenStore }[] = [
  { name: 'in the clear', encrypted: false, wrap: (store) => store },
  { name: 'encrypted', encrypted: true, wrap: (store) => encryptedStore(store, [key]) },
];

describeOnEachStore('a store that several share', (open) => {
  it.each(wrappings)("a shared store hands a company's token to nobody with another password ($name)", async ({ wrap }) => {
    await using place = await open();
    await using sandbox = await startEsignonSandbox({ accounts: [{ ...account }] });
    using owners = await openStore(place.spec());
    using strangers = await openStore(place.spec());
    const baseUrl = sandbox.url;
    const owner = createEsignonTokenProvider({ ...account, baseUrl, store: wrap(owners.store) });
    const token = await owner.getToken();

    const stranger = createEsignonTokenProvider({ ...account, password: guess, baseUrl, store: wrap(strangers.store) });
    await expect(stranger.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(stranger.peekToken()).toBeUndefined();
    expect(sandbox.logins).toBe(2);
    await expect(stranger.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
    expect(sandbox.logins).toBe(2);

    const colleague = createEsignonTokenProvider({ ...account, baseUrl, store: wrap(strangers.store) });
    expect((await colleague.getToken()).value).toBe(token.value);
    expect(sandbox.logins).toBe(2);
  });

  it('a stranger cannot throw a token out of a shared store by calling it rejected', async () => {
    await using place = await open();
    await using sandbox = await startEsignonSandbox({ accounts: [{ ...account }] });
    using opened = await openStore(place.spec());
    const baseUrl = sandbox.url;
    const { store } = opened;
    const token = await createEsignonTokenProvider({ ...account, baseUrl, store }).getToken();
    const stranger = createEsignonTokenProvider({ ...account, password: guess, baseUrl, store });
    await expect(stranger.getToken({ rejected: token })).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await createEsignonTokenProvider({ ...account, baseUrl, store }).getToken()).value).toBe(token.value);
    expect(sandbox.logins).toBe(2);
  });

  it.each(wrappings)('a shared store holds no password and no e-mail address ($name)', async ({ encrypted, wrap }) => {
    await using place = await open();
    await using sandbox = await startEsignonSandbox({ accounts: [{ ...account }] });
    using opened = await openStore(place.spec());
    const store = wrap(opened.store);
    const baseUrl = sandbox.url;
    const provider = createEsignonTokenProvider({ ...account, baseUrl, store });
    const wrong = createEsignonTokenProvider({ ...account, password: guess, baseUrl, store });
    await expect(wrong.getToken()).rejects.toThrow();
    const response = await createAuthFetch(provider)(`${baseUrl}/api/v2/company`);
    expect(await response.text()).toContain('"result_code":"00"');
    const { value } = await provider.getToken();

    const stored = await place.dump();
    for (const secret of [account.password, guess, account.email, 'office', account.companyId]) expect(stored).not.toContain(secret);
    expect(stored).toContain(':token');
    expect(stored).toContain(':refused');
    expect(stored.includes(value)).toBe(!encrypted);
  });
});
