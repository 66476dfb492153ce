import { memoryStore } from '../stores/memory-store.ts';
import { expectEqual, expectNoSecrets, expectThat } from './expectations.ts';
import { manualClock } from './manual-clock.ts';
import { type ProviderUnderTest, secretsOf, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

/** `status()` and `forget()`, and tokens whose end is only assumed. */
export function describeAccount({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('the account', () => {
    it('its status tells of the token, makes no login and holds no secret', () =>
      withSandbox(subject, async ({ sandbox, create, password }) => {
        const provider = create();
        expectEqual(await provider.status(), {}, 'there is no status before the first login');
        expectEqual(sandbox.logins, 0, 'status() makes no login');
        const token = await provider.getToken();
        const status = await provider.status();
        expectEqual(status.issuedAt, token.issuedAt, 'the status tells when the token was issued');
        expectEqual(status.expiresAt, token.expiresAt, 'the status tells when the token ends');
        expectThat((status.fingerprint ?? '') !== '', 'the status has a fingerprint of the token');
        expectNoSecrets(status, [password, ...secretsOf(token)], 'the status holds neither the password nor the token');
        expectEqual(sandbox.logins, 1, 'status() makes no login');
      }));

    it('its status tells of the pause after refused credentials, and forget() ends that', () =>
      withSandbox(subject, async ({ sandbox, create, failure, password }) => {
        const before = Date.now();
        const provider = create({}, { password: 'wrong' });
        await failure(provider.getToken());
        const { pause } = await provider.status();
        expectEqual(pause?.reason, 'INVALID_CREDENTIALS', 'the status tells why there is a pause');
        expectThat((pause?.until ?? 0) > before, 'the status tells until when there is a pause');
        expectNoSecrets(await provider.status(), ['wrong', password], 'the status of a pause holds no password');
        await provider.forget();
        expectEqual(await provider.status(), {}, 'forget() ends the pause');
        expectEqual((await failure(provider.getToken())).code, 'INVALID_CREDENTIALS', 'after forget() the login is tried again');
        expectEqual(sandbox.logins, 2, 'after forget() the login is tried again, once');
      }));

    it('its status and forget() reach every provider that shares the store', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const store = memoryStore();
        const first = create({ store });
        await first.getToken();
        const other = create({ store });
        const [{ fingerprint }, shared] = await Promise.all([first.status(), other.status()]);
        expectEqual(shared.fingerprint, fingerprint, 'providers that share a store tell of the same token');
        await other.forget();
        const next = create({ store });
        expectEqual(await next.status(), {}, 'forget() drops the token from the store');
        const renewed = await next.getToken();
        // Some vendors have one token for an account, whoever asks: it may be the same.
        expectEqual(sandbox.logins, 2, 'after forget() there is one login');
        expectEqual((await call(next, renewed)).accepted, true, 'the vendor accepts the token after forget()');
      }));

    it('a token whose end the vendor does not tell stays in use while its renewal fails', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const fallbackLifetime = 60_000;
        const clock = manualClock({ now: Date.now() });
        const provider = create({ clock, fallbackLifetime, refreshBefore: 0 });
        const token = await provider.getToken();
        // Of the others the vendor tells the end, or they have none.
        if ((await provider.status()).assumedEnd !== true) return;
        await clock.advance(fallbackLifetime + 2_000);
        // The vendor's clock goes with it: its Date, in whole seconds, would set the time back.
        const date = new Date(clock.now()).toUTCString();
        sandbox.fail({ status: 500, headers: { date }, body: {} }, { on: 'login', times: Infinity });
        expectThat((await provider.getToken()) === token, 'the token stays in use past an end that is only assumed');
        expectEqual(sandbox.logins, 2, 'its renewal was tried once');
      }));
  });
}
