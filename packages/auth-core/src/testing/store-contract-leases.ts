import assert from 'node:assert/strict';

import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { lockFor, tryLock, withStore } from './with-store.ts';

const CONTENDERS = 8;
const SHORT = 150;

/** `tryLock` where every holder gives its lease back in time. */
export function describeLeases({ describe, it }: TestRunner, subject: StoreUnderTest): void {
  describe('leases', () => {
    it('a lease has one holder at a time, however many ask for it again and again', () =>
      withStore(subject, async ({ store, another }) => {
        const stores = [store, await another()];
        let holders = 0;
        let most = 0;
        const ids = await Promise.all(
          Array.from({ length: CONTENDERS }, async (_, index) => {
            const contender = stores[index % 2] ?? store;
            const lease = await lockFor(contender, 'key');
            most = Math.max(most, ++holders);
            // A round trip while holding it gives the others the time to break in.
            assert.equal(await contender.set('key', lease.id, { lease }), true);
            assert.equal(await contender.get('key'), lease.id);
            holders--;
            await lease.release();
            return lease.id;
          }),
        );
        assert.equal(most, 1);
        assert.equal(new Set(ids).size, CONTENDERS);
      }));

    it('a lease that somebody holds is refused at once, to its holder too', () =>
      withStore(subject, async ({ store, another }) => {
        const lease = await lockFor(store, 'key');
        assert.equal(await tryLock(store, 'key'), undefined);
        assert.equal(await tryLock(await another(), 'key'), undefined);
        assert.equal(await store.set('key', 'value', { lease }), true);
        await lease.release();
      }));

    it('a lease keeps nobody from that of another key', () =>
      withStore(subject, async ({ store, another }) => {
        const held = await Promise.all(['a', 'b', '{a}', 'a:lock', ''].map((key) => tryLock(store, key)));
        const all = [...held, await tryLock(await another(), 'c')];
        assert.equal(all.includes(undefined), false);
        await Promise.all(all.map(async (lease) => lease?.release()));
      }));

    it('a lease leaves its key free for reading, and for writing without one', () =>
      withStore(subject, async ({ store, another }) => {
        const lease = await lockFor(store, 'key');
        const other = await another();
        assert.equal(await other.get('key'), undefined);
        assert.equal(await other.set('key', 'value'), true);
        assert.equal(await other.delete('key', 'value'), true);
        await lease.release();
      }));

    it('a lease can be had again after a release, which may come twice', () =>
      withStore(subject, async ({ store, another }) => {
        const first = await lockFor(store, 'key');
        await first.release();
        const second = await tryLock(await another(), 'key');
        await first.release();
        assert.ok(second !== undefined && second.id !== first.id);
        assert.equal(await store.set('key', 'value', { lease: second }), true);
        await second.release();
      }));

    describeExtending({ describe, it }, subject);
  });
}

function describeExtending({ it }: TestRunner, subject: StoreUnderTest): void {
  it('a lease that is extended outlasts its first time', () =>
    withStore(subject, async ({ store, another }) => {
      const lease = await lockFor(store, 'key', SHORT);
      const measure = await lockFor(store, 'another key', SHORT);
      assert.equal(await lease.extend(SHORT * 1_000), true);
      await (await lockFor(store, 'another key')).release();
      assert.equal(await measure.extend(SHORT), false);
      assert.equal(await tryLock(await another(), 'key'), undefined);
      assert.equal(await store.set('key', 'value', { lease }), true);
      await lease.release();
    }));

  it('a lease lasts from its last extension on, also where that makes it shorter', () =>
    withStore(subject, async ({ store, another }) => {
      const lease = await lockFor(store, 'key');
      assert.equal(await lease.extend(SHORT), true);
      await (await lockFor(await another(), 'key')).release();
      assert.equal(await store.set('key', 'too late', { lease }), false);
    }));
}
