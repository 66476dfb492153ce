import { randomBytes } from 'node:crypto';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import { isAuthError } from '../../src/auth-error.ts';
import { encryptedStore } from '../../src/stores/encrypted-store.ts';
import { memoryStore } from '../../src/stores/memory-store.ts';
import type { TokenStore } from '../../src/stores/token-store.ts';
import { describeTokenStore } from '../../src/testing/store-contract.ts';

const SECRET = 'a-token-nobody-may-read';

function newKey(id: string): { id: string; key: Uint8Array } {
  return { id, key: new Uint8Array(randomBytes(32)) };
}

async function read(store: TokenStore, key: string): Promise<string> {
  const value = await store.get(key);
  if (value === undefined) throw new Error(`nothing is stored under ${key}`);
  return value;
}

const contractKeys = [newKey('2026'), newKey('2025')];

describeTokenStore(
  { describe, it },
  {
    name: 'encryptedStore over memoryStore',
    capabilities: { tryLock: true },
    create: () => {
      const inner = memoryStore();
      return { store: encryptedStore(inner, contractKeys), another: () => encryptedStore(inner, contractKeys) };
    },
  },
);

describe('encryptedStore', () => {
  it('an encrypted store shows the store inside neither the value nor twice the same text', async () => {
    const inner = memoryStore();
    const store = encryptedStore(inner, [newKey('a')]);
    await store.set('key', SECRET);
    const first = await read(inner, 'key');
    await store.set('key', SECRET);
    const second = await read(inner, 'key');
    expect(first).not.toBe(second);
    const bytes = Buffer.concat(first.split('.').map((part) => Buffer.from(part, 'base64url')));
    expect(first + bytes.toString('latin1')).not.toContain(SECRET);
  });

  it('an encrypted entry that was moved to another key is a miss', async () => {
    const inner = memoryStore();
    const store = encryptedStore(inner, [newKey('a')]);
    await store.set('mine', 'my token');
    await store.set('yours', 'your token');
    const [mine, yours] = [await read(inner, 'mine'), await read(inner, 'yours')];
    await inner.set('mine', yours);
    await inner.set('yours', mine);
    expect(await store.get('mine')).toBeUndefined();
    expect(await store.get('yours')).toBeUndefined();
    expect(await store.delete('mine', 'your token')).toBe(false);
  });

  it('an encrypted entry is a miss under another id of the same key', async () => {
    const inner = memoryStore();
    const { key } = newKey('');
    await encryptedStore(inner, [{ id: 'a', key }]).set('key', SECRET);
    const relabelled = (await read(inner, 'key')).replace('1.YQ.', '1.Yg.');
    await inner.set('key', relabelled);
    expect(await encryptedStore(inner, [{ id: 'b', key }]).get('key')).toBeUndefined();
    await inner.set('key', relabelled.replace('1.Yg.', '1.YQ.'));
    expect(await encryptedStore(inner, [{ id: 'a', key }]).get('key')).toBe(SECRET);
  });

  it('an encrypted entry with any one character changed, added or lost is a miss', async () => {
    const inner = memoryStore();
    const store = encryptedStore(inner, [newKey('a')]);
    await store.set('key', SECRET);
    const sealed = await read(inner, 'key');
    for (let at = 0; at < sealed.length; at++) {
      for (const instead of ['', sealed[at] === 'A' ? 'B' : 'A', `${sealed[at]}=`, `${sealed[at]}.`]) {
        await inner.set('key', sealed.slice(0, at) + instead + sealed.slice(at + 1));
        expect(await store.get('key'), `character ${at} became ${JSON.stringify(instead)}`).toBeUndefined();
      }
    }
    await inner.set('key', sealed);
    expect(await store.get('key')).toBe(SECRET);
  });

  it.each(['', '.', '..', '1..', '1.YQ.', '1.YQ.AAAA', 'plain text', '{"value":"x"}'])(
    'an entry that was never encrypted is a miss: %j',
    async (text) => {
      const inner = memoryStore();
      await inner.set('key', text);
      expect(await encryptedStore(inner, [newKey('a')]).get('key')).toBeUndefined();
    },
  );

  it('an entry that another key encrypted under the same id is a miss', async () => {
    const inner = memoryStore();
    await encryptedStore(inner, [newKey('a')]).set('key', SECRET);
    expect(await encryptedStore(inner, [newKey('a')]).get('key')).toBeUndefined();
  });

  it('an encrypted store writes with the first key and reads with all, so that keys can be rotated without a login', async () => {
    const inner = memoryStore();
    const [older, newer] = [newKey('older'), newKey('newer')];
    await encryptedStore(inner, [older]).set('key', 'one');
    const both = encryptedStore(inner, [newer, older]);
    expect(await both.get('key')).toBe('one');
    expect(await both.delete('key', 'one')).toBe(true);
    await both.set('key', 'two');
    expect(await encryptedStore(inner, [newer]).get('key')).toBe('two');
    expect(await encryptedStore(inner, [older]).get('key')).toBeUndefined();
  });

  it('an encrypted store does not change with the bytes it was given', async () => {
    const inner = memoryStore();
    const given = newKey('a');
    const copy = { id: 'a', key: given.key.slice() };
    const store = encryptedStore(inner, [given]);
    given.key.fill(0);
    await store.set('key', SECRET);
    expect(await encryptedStore(inner, [copy]).get('key')).toBe(SECRET);
  });

  it('an encrypted store deletes a value that was written anew, in other bytes, while it looked', async () => {
    const inner = memoryStore();
    const keys = [newKey('a')];
    let interruptions = 1;
    const busy: TokenStore = {
      ...inner,
      async delete(key, expected) {
        if (interruptions-- > 0) await encryptedStore(inner, keys).set(key, 'value');
        return inner.delete(key, expected);
      },
    };
    await encryptedStore(busy, keys).set('key', 'value');
    expect(await encryptedStore(busy, keys).delete('key', 'value')).toBe(true);
    expect(await inner.get('key')).toBeUndefined();
  });

  it('an encrypted store does not delete a value that was replaced while it looked', async () => {
    const inner = memoryStore();
    const keys = [newKey('a')];
    const busy: TokenStore = {
      ...inner,
      async delete(key, expected) {
        await encryptedStore(inner, keys).set(key, 'newer');
        return inner.delete(key, expected);
      },
    };
    await encryptedStore(busy, keys).set('key', 'value');
    expect(await encryptedStore(busy, keys).delete('key', 'value')).toBe(false);
    expect(await encryptedStore(busy, keys).get('key')).toBe('newer');
  });

  it('an encrypted store has leases exactly where the store inside has them', () => {
    const bare = encryptedStore({ get: async () => undefined, set: async () => true, delete: async () => false }, [newKey('a')]);
    expect('tryLock' in bare).toBe(false);
    expect(encryptedStore(memoryStore(), [newKey('a')])).toMatchObject({ tryLock: expect.any(Function) });
  });

  it.each([
    ['no key', [], 'at least one'],
    ['a key that is too short', [newKey('a'), { id: 'b', key: new Uint8Array(16) }], 'keys[1].key must have 32 bytes, not 16'],
    ['an id twice', [newKey('a'), newKey('b'), newKey('a')], 'keys[2].id is the same as that of keys[0]'],
    ['an empty id', [newKey('')], 'keys[0].id'],
  ])('an encrypted store with %s is refused, and the error says what is wrong', (_, keys, message) => {
    expect(() => encryptedStore(memoryStore(), keys)).toThrowError(expect.toSatisfy(isAuthError));
    expect(() => encryptedStore(memoryStore(), keys)).toThrowError(
      expect.objectContaining({ code: 'STORE', message: expect.stringContaining(message) }),
    );
  });

  it('an encrypted store takes a key from another realm, as tests in Jest have it', async () => {
    const key = runInNewContext('new Uint8Array(32)') as Uint8Array; // what the code says
    const store = encryptedStore(memoryStore(), [{ id: 'a', key }]);
    await store.set('key', SECRET);
    expect(await store.get('key')).toBe(SECRET);
  });

  it('an encrypted store with a key that is no bytes is refused', () => {
    // @ts-expect-error A caller without types.
    expect(() => encryptedStore(memoryStore(), [{ id: 'a', key: 'x'.repeat(32) }])).toThrowError(/keys\[0\]\.key must be a Uint8Array/);
  });
});
