import assert from 'node:assert/strict';

import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { lockFor, withStore } from './with-store.ts';

const CONTENDERS = 8;

/** `lock` where every holder gives its lease back. */
export function describeLeases({ describe, it }: TestRunner, subject: StoreUnderTest): void {
  describe('leases', () => {
    it('of one key have one holder at a time', () =>
      withStore(subject, {}, async ({ store, another }) => {
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

    it('of other keys do not wait', () =>
      withStore(subject, {}, async ({ store, another }) => {
        const held = await Promise.all(['a', 'b', '{a}', 'a:lock', ''].map(async (key) => lockFor(store, key)));
        const other = await lockFor(await another(), 'c');
        await Promise.all([...held, other].map((lease) => lease.release()));
      }));

    it('leave their key free for reading, and for writing without one', () =>
      withStore(subject, {}, async ({ store, another }) => {
        const lease = await lockFor(store, 'key');
        const other = await another();
        assert.equal(await other.get('key'), undefined);
        assert.equal(await other.set('key', 'value'), true);
        assert.equal(await other.delete('key', 'value'), true);
        await lease.release();
      }));

    it('can be had again after a release, which may come twice', () =>
      withStore(subject, {}, async ({ store, another }) => {
        const first = await lockFor(store, 'key');
        await first.release();
        const second = await lockFor(await another(), 'key');
        await first.release();
        assert.notEqual(second.id, first.id);
        assert.equal(await store.set('key', 'value', { lease: second }), true);
        await second.release();
      }));

    describeAborts({ describe, it }, subject);
  });
}

function describeAborts({ it }: TestRunner, subject: StoreUnderTest): void {
  it('are not given to a signal that has fired before', () =>
    withStore(subject, {}, async ({ store }) => {
      const reason = new Error('not wanted');
      await assert.rejects(lockFor(store, 'key', AbortSignal.abort(reason)), (error) => error === reason);
      await (await lockFor(store, 'key')).release();
    }));

  it('that are waited for are given up with the reason of the signal, and nothing stays behind', () =>
    withStore(subject, {}, async ({ store, another }) => {
      const held = await lockFor(store, 'key');
      const controller = new AbortController();
      const reason = new Error('enough');
      const waiting = [lockFor(store, 'key', controller.signal), lockFor(await another(), 'key', controller.signal)];
      const outcomes = Promise.allSettled(waiting);
      // Something that takes a while, so that the waiting has begun.
      await (await lockFor(store, 'other')).release();
      controller.abort(reason);
      assert.deepEqual(
        (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason === reason),
        [true, true],
      );
      assert.equal(await store.set('key', 'value', { lease: held }), true);
      await held.release();
      await (await lockFor(await another(), 'key')).release();
    }));

  it('that are given up while they are being had do not stay taken', () =>
    withStore(subject, {}, async ({ store, another }) => {
      const controller = new AbortController();
      const reason = new Error('never mind');
      const asked = lockFor(store, 'key', controller.signal);
      controller.abort(reason);
      await asked.then(
        (lease) => lease.release(),
        (error: unknown) => assert.equal(error, reason),
      );
      await (await lockFor(await another(), 'key')).release();
    }));
}
