import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { withStore } from './with-store.ts';

const FAR_AHEAD = 600_000;
const SOON = 40;

const OPAQUE: readonly (readonly [what: string, text: string])[] = [
  ['an empty string', ''],
  ['quotes, braces and line ends', `"'{}\\ \r\n\t;-- DROP`],
  ['a zero byte in the middle', 'a\0b'],
  ['scripts and emoji', '인증키 認証キー é é 🔑'],
  ['64 KiB', 'x'.repeat(65_536)],
];

/** `get`, `set` and `delete`, without leases. */
export function describeValues({ describe, it }: TestRunner, subject: StoreUnderTest): void {
  describe('values', () => {
    it('a value is missing until it is set, and replaced by the next set', () =>
      withStore(subject, async ({ store, another }) => {
        assert.equal(await store.get('key'), undefined);
        assert.equal(await store.set('key', 'one'), true);
        assert.equal(await store.get('key'), 'one');
        assert.equal(await store.set('key', 'two'), true);
        assert.equal(await (await another()).get('key'), 'two');
      }));

    it('a value belongs to its key alone', () =>
      withStore(subject, async ({ store }) => {
        const keys = ['a', 'A', 'a ', 'a:b', '{a}', '{a}b', 'a{}b', 'a*', 'ä', ''];
        for (const key of keys) assert.equal(await store.set(key, `value of ${key}`), true);
        for (const key of keys) assert.equal(await store.get(key), `value of ${key}`);
      }));

    for (const [what, text] of OPAQUE) {
      it(`a value comes back unchanged: ${what}`, () =>
        withStore(subject, async ({ store, another }) => {
          await store.set('key', text);
          assert.equal(await (await another()).get('key'), text);
          assert.equal(await store.delete('key', text), true);
        }));
    }

    describeDeletion({ describe, it }, subject);
    describeExpiry({ describe, it }, subject);
  });
}

function describeDeletion({ it }: TestRunner, subject: StoreUnderTest): void {
  it('a value is gone after a deletion, which says whether there was one', () =>
    withStore(subject, async ({ store, another }) => {
      await store.set('key', 'one');
      assert.equal(await store.delete('key'), true);
      assert.equal(await (await another()).get('key'), undefined);
      assert.equal(await store.delete('key'), false);
      assert.equal(await store.delete('key', 'one'), false);
    }));

  it('a value stays where a deletion expects another one', () =>
    withStore(subject, async ({ store, another }) => {
      await store.set('key', 'one');
      await (await another()).set('key', 'two');
      assert.equal(await store.delete('key', 'one'), false);
      assert.equal(await store.delete('key', ''), false);
      assert.equal(await store.get('key'), 'two');
      assert.equal(await store.delete('key', 'two'), true);
      assert.equal(await store.get('key'), undefined);
    }));
}

function describeExpiry({ it }: TestRunner, subject: StoreUnderTest): void {
  it('a value stays until it expires, also where that is decades away', () =>
    withStore(subject, async ({ store, another }) => {
      await store.set('near', 'value', { expiresAt: Date.now() + FAR_AHEAD });
      await store.set('far', 'value', { expiresAt: Date.UTC(2099, 11, 31) });
      assert.equal(await (await another()).get('near'), 'value');
      assert.equal(await (await another()).get('far'), 'value');
    }));

  it('a value is gone once it has expired', () =>
    withStore(subject, async ({ store }) => {
      await store.set('key', 'value', { expiresAt: Date.now() + SOON });
      while ((await store.get('key')) !== undefined) await nextTurn();
      assert.equal(await store.delete('key', 'value'), false);
    }));

  it('a value that has expired already is not returned, nor is what it replaced', () =>
    withStore(subject, async ({ store }) => {
      await store.set('key', 'before');
      assert.equal(await store.set('key', 'late', { expiresAt: Date.now() - 1 }), true);
      assert.equal(await store.get('key'), undefined);
    }));

  it('a value that replaces one with an end has none of its own', () =>
    withStore(subject, async ({ store }) => {
      const end = Date.now() + SOON;
      await store.set('key', 'ends', { expiresAt: end });
      await store.set('other', 'ends', { expiresAt: end });
      await store.set('key', 'stays');
      while ((await store.get('other')) !== undefined) await nextTurn();
      assert.equal(await store.get('key'), 'stays');
    }));
}
