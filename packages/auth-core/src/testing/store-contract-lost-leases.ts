import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { lockFor, withStore } from './with-store.ts';

const SHORT = 150;

/** What is left to a holder whose lease is no longer its own. */
export function describeLostLeases({ describe, it }: TestRunner, subject: StoreUnderTest): void {
  describe('leases that are lost', () => {
    it('a lease that was given back writes nothing', () =>
      withStore(subject, async ({ store, another }) => {
        const lost = await lockFor(store, 'key');
        await lost.release();
        assert.equal(await store.set('key', 'too late', { lease: lost }), false);
        const lease = await lockFor(await another(), 'key');
        assert.equal(await store.set('key', 'too late', { lease: lost }), false);
        assert.equal(await store.set('key', 'too late', { lease: lost, expiresAt: Date.now() - 1 }), false);
        assert.equal(await store.get('key'), undefined);
        assert.equal(await (await another()).set('key', 'value', { lease }), true);
        assert.equal(await store.set('key', 'too late', { lease: lost }), false);
        assert.equal(await store.get('key'), 'value');
        await lease.release();
      }));

    it('the lease of another key writes nothing', () =>
      withStore(subject, async ({ store }) => {
        const other = await lockFor(store, 'other');
        assert.equal(await store.set('key', 'value', { lease: other }), false);
        assert.equal(await store.get('key'), undefined);
        await other.release();
      }));

    it('a lease that was given back is not extended, whether or not somebody else has it', () =>
      withStore(subject, async ({ store, another }) => {
        const lost = await lockFor(store, 'key');
        await lost.release();
        assert.equal(await lost.extend(SHORT), false);
        const lease = await lockFor(await another(), 'key');
        assert.equal(await lost.extend(SHORT), false);
        assert.equal(await store.set('key', 'value', { lease }), true);
        await lease.release();
      }));

    describeTakeover({ describe, it }, subject);
  });
}

function describeTakeover({ it }: TestRunner, subject: StoreUnderTest): void {
  it('a lease goes to the next one when its time is over', () =>
    withStore(subject, async ({ store, another }) => {
      const lost = await lockFor(store, 'key', SHORT);
      const successor = await lockFor(await another(), 'key');
      assert.notEqual(successor.id, lost.id);
      assert.equal(await store.set('key', 'too late', { lease: lost }), false);
      assert.equal(await lost.extend(SHORT), false);
      assert.equal(await store.get('key'), undefined);
      await successor.release();
    }));

  it('a lease is lost at the end of its time, also where nobody takes it', () =>
    withStore(subject, async ({ store }) => {
      const lost = await lockFor(store, 'key', SHORT);
      while (await store.set('key', 'in time', { lease: lost })) await nextTurn();
      await store.delete('key');
      assert.equal(await lost.extend(SHORT), false);
      assert.equal(await store.set('key', 'too late', { lease: lost }), false);
      assert.equal(await store.get('key'), undefined);
    }));

  it('a lease that is given back late does not take that of its successor with it', () =>
    withStore(subject, async ({ store, another }) => {
      const lost = await lockFor(store, 'key', SHORT);
      const next = await another();
      const successor = await lockFor(next, 'key');
      await lost.release();
      assert.equal(await next.set('key', 'value', { lease: successor }), true);
      await successor.release();
    }));
}
