import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { memoryStore, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { describe, expect, it } from 'vitest';

import { fails, stubVendor } from './stub-vendor.ts';

/** A store that another process may hold as well: nothing in it tells that it lives in memory. */
function sharedStore(): { store: TokenStore; entries: Map<string, string> } {
  const entries = new Map<string, string>();
  const store: TokenStore = {
    get: async (key) => entries.get(key),
    set: async (key, value) => entries.set(key, value) === entries,
    delete: async (key, expected) => (expected === undefined || entries.get(key) === expected) && entries.delete(key),
  };
  return { store, entries };
}

function setUp(options: TokenProviderOptions, password = 'password', identity = 'account') {
  const vendor = stubVendor({ now: () => Date.now(), secret: () => password });
  return { vendor, provider: createTokenProvider({ ...vendor.protocol, identity }, options) };
}

/** The key and the text of the one entry of this kind. */
function entryOf(entries: Map<string, string>, kind: string): [key: string, text: string] {
  const found = [...entries].find(([key]) => key.includes(`:${kind}:`));
  return found ?? expect.fail(`no ${kind} entry in ${[...entries.keys()].join(', ')}`);
}

describe('an entry in a store', () => {
  it('is taken by another provider with the same password, and by none with another', async () => {
    const { store } = sharedStore();
    const { provider } = setUp({ store });
    const token = await provider.getToken();
    const same = setUp({ store });
    expect((await same.provider.getToken()).value).toBe(token.value);
    expect(same.vendor.logins).toBe(0);
    const other = setUp({ store }, 'another password');
    await other.provider.getToken();
    expect(other.vendor.logins).toBe(1);
  });

  it.each<readonly [string, (text: string) => string]>([
    ['another token', (text) => text.replace('token-1', 'token-9')],
    ['a later end', (text) => text.replace(/"expiresAt":\d/, '"expiresAt":9')],
    ['another scheme', (text) => text.replace('"value"', '"scheme":"evil","value"')],
    ['no MAC', (text) => text.slice(text.indexOf('.'))],
    ['a MAC cut short', (text) => text.slice(1)],
    ['nothing but a token', () => JSON.stringify({ value: 'evil', issuedAt: 0 })],
  ])('counts as absent where somebody gave it %s', async (_what, change) => {
    const { store, entries } = sharedStore();
    await setUp({ store }).provider.getToken();
    const [key, text] = entryOf(entries, 'token');
    expect(change(text)).not.toBe(text);
    entries.set(key, change(text));
    const { provider, vendor } = setUp({ store });
    expect((await provider.getToken()).value).toBe('token-1');
    expect(vendor.logins).toBe(1);
  });

  it('counts as absent at the key of another account, even with the same password', async () => {
    const { store, entries } = sharedStore();
    await setUp({ store }).provider.getToken();
    const [key, text] = entryOf(entries, 'token');
    await setUp({ store }, 'password', 'other').provider.getToken();
    const others = [...entries.keys()].find((one) => one.includes(':token:') && one !== key) ?? '';
    entries.set(others, text);
    const { provider, vendor } = setUp({ store }, 'password', 'other');
    await provider.getToken();
    expect(vendor.logins).toBe(1);
  });

  it('with what no login can bring is absent, also where there is no password to check it with', async () => {
    const { store, entries } = sharedStore();
    const create = () => {
      const vendor = stubVendor({ now: () => Date.now() });
      return { vendor, provider: createTokenProvider(vendor.protocol, { store }) };
    };
    await create().provider.getToken();
    const [key, text] = entryOf(entries, 'token');
    entries.set(key, text.replace('token-1', String.raw`evil\r\nx: y`));
    const { provider, vendor } = create();
    expect((await provider.getToken()).value).toBe('token-1');
    expect(vendor.logins).toBe(1);
    expect((await create().provider.getToken()).value).toBe('token-1');
  });

  it('of another format stands at a key of its own: neither overwrites the other', async () => {
    const { store, entries } = sharedStore();
    await setUp({ store }).provider.getToken();
    expect(entryOf(entries, 'token')[0]).toMatch(/:token:2$/);
  });

  it('of refused credentials stops those with the same password only', async () => {
    const { store } = sharedStore();
    const wrong = setUp({ store });
    wrong.vendor.script.push(fails('INVALID_CREDENTIALS'));
    await expect(wrong.provider.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await expect(setUp({ store }).provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
    await expect(setUp({ store }, 'right').provider.getToken()).resolves.toBeDefined();
    await expect(setUp({ store }).provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
  });

  it('shows neither password nor anything that a word list could be tried on at full speed', async () => {
    const { store, entries } = sharedStore();
    await setUp({ store }, 'hunter2 and more').provider.getToken();
    expect([...entries].join('\n')).not.toMatch(/hunter2/);
  });
});

describe('a store', () => {
  it('only helps: where no key can be derived, every login works and its token stays in this process', async () => {
    const script = `
      import crypto from 'node:crypto';
      import { syncBuiltinESMExports } from 'node:module';
      crypto.pbkdf2 = () => { throw new RangeError('not in FIPS mode'); };
      syncBuiltinESMExports();
      const { createTokenProvider } = await import('@x/auth-core/provider');
      const entries = new Map();
      const store = { get: async (k) => entries.get(k), set: async (k, v) => (entries.set(k, v), true), delete: async (k) => entries.delete(k) };
      let logins = 0;
      const protocol = {
        name: 'acme', baseUrl: 'https://api.example.com', identity: 'a', secret: () => 'password', isRejection: () => false,
        login: async () => ({ value: 'token-' + (logins += 1) }),
      };
      const provider = createTokenProvider(protocol, { store });
      const tokens = await Promise.all([provider.getToken(), provider.getToken()]);
      console.log(JSON.stringify([tokens.map(({ value }) => value), (await provider.getToken()).value, logins, [...entries]]));
    `;
    const args = ['--conditions=@x/source', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
    expect(JSON.parse(stdout)).toEqual([['token-1', 'token-1'], 'token-1', 1, []]);
  });

  it('in the memory of its process needs no slow derivation: a thousand accounts have their tokens in it at once', async () => {
    const store = memoryStore();
    const providers = Array.from({ length: 1_000 }, (_, index) => setUp({ store }, 'password', `account ${index}`).provider);
    const tokens = await Promise.all(providers.map((provider) => provider.getToken()));
    expect(tokens).toHaveLength(1_000);
  });
});
