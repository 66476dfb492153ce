import assert from 'node:assert/strict';

import { memoryStore } from '../stores/memory-store.ts';
import type { TokenStore } from '../stores/token-store.ts';
import type { ProviderUnderTest } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { withSandbox } from './with-sandbox.ts';

/** Several callers, and several providers over one store. */
export function describeSharing({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('sharing', () => {
    it('a caller who gives up frees itself alone', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create();
        const controller = new AbortController();
        const reason = new Error('the caller had enough');
        sandbox.fail({ slow: 50 }, { on: 'login' });
        const gaveUp = failure(provider.getToken({ signal: controller.signal }));
        const waits = provider.getToken();
        // It is awaited below, unless an assertion fails before.
        waits.catch(() => undefined);
        controller.abort(reason);
        const error = await gaveUp;
        assert.equal(error.code, 'ABORTED');
        assert.equal(error.cause, reason);
        assert.equal(await waits, await provider.getToken());
        assert.equal(sandbox.logins, 1);
      }));

    it('providers of one account over one store log in once', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const store = memoryStore();
        const providers = [create({ store }), create({ store }), create({ store })];
        const [first, ...others] = await Promise.all(providers.map((provider) => provider.getToken()));
        const late = create({ store });
        assert.ok(first !== undefined);
        for (const token of [...others, await late.getToken()]) assert.equal(token.value, first.value);
        assert.equal(sandbox.logins, 1);
        assert.equal((await call(late, await late.getToken())).accepted, true);
      }));

    it('a provider with another password does not get the stored token', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const store = memoryStore();
        await create({ store }).getToken();
        assert.equal((await failure(create({ store }, { password: 'wrong' }).getToken())).code, 'INVALID_CREDENTIALS');
        assert.equal(sandbox.logins, 2);
      }));

    it('the store never sees the password', () =>
      withSandbox(subject, async ({ create, password }) => {
        const seen: string[] = [];
        const store = spiedOn(memoryStore(), seen);
        await create({ store }).getToken();
        assert.ok(seen.length > 0);
        assert.ok(!seen.some((text) => text.includes(password) || text.includes(JSON.stringify(password).slice(1, -1))));
      }));
  });
}

/** A store that notes every key and value that it is given. */
function spiedOn(store: TokenStore, seen: string[]): TokenStore {
  return {
    get: (key) => {
      seen.push(key);
      return store.get(key);
    },
    set: (key, value, options) => {
      seen.push(key, value);
      return store.set(key, value, options);
    },
    delete: (key, expected) => {
      seen.push(key, expected ?? '');
      return store.delete(key, expected);
    },
  };
}
