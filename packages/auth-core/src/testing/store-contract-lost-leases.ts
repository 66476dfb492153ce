import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { StoreUnderTest } from './store-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { lockFor, withStore } from './with-store.ts';

const SHORT = 150;
const LONG = 600_000;

/** What is left to a holder whose lease is no longer its own. */
export function describeLostLeases({ describe, it }: TestRunner, subject: StoreUnderTest): void {
  describe('leases that are lost', () => {
    it('write nothing', () =>
      withStore(subject, {}, async ({ store, another }) => {
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

    it('of another key write nothing', () =>
      withStore(subject, {}, async ({ store }) => {
        const other = await lockFor(store, 'other');
        assert.equal(await store.set('key', 'value', { lease: other }), false);
        assert.equal(await store.get('key'), undefined);
        await other.release();
      }));

    if (subject.capabilities.lockTtl) describeTakeover({ describe, it }, subject);
  });
}

function describeTakeover({ it }: TestRunner, subject: StoreUnderTest): void {
  it('say how long they would have lasted', () =>
    withStore(subject, { lockTtl: LONG }, async ({ store }) => assert.equal(store.lockTtl, LONG)));

  it('go to the next one when their time is over', () =>
    withStore(subject, { lockTtl: SHORT }, async ({ store, another }) => {
      const lost = await lockFor(store, 'key');
      const successor = await lockFor(await another({ lockTtl: LONG }), 'key');
      assert.notEqual(successor.id, lost.id);
      assert.equal(await store.set('key', 'too late', { lease: lost }), false);
      assert.equal(await store.get('key'), undefined);
      await successor.release();
    }));

  it('are lost at the end of their time, also where nobody waits', () =>
    withStore(subject, { lockTtl: SHORT }, async ({ store }) => {
      const lost = await lockFor(store, 'key');
      while (await store.set('key', 'in time', { lease: lost })) await nextTurn();
      await store.delete('key');
      assert.equal(await store.set('key', 'too late', { lease: lost }), false);
      assert.equal(await store.get('key'), undefined);
    }));

  it('do not take the lease of their successor with them', () =>
    withStore(subject, { lockTtl: SHORT }, async ({ store, another }) => {
      const lost = await lockFor(store, 'key');
      const next = await another({ lockTtl: LONG });
      const successor = await lockFor(next, 'key');
      await lost.release();
      assert.equal(await next.set('key', 'value', { lease: successor }), true);
      await successor.release();
    }));
}
