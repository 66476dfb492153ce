import { authInterceptor, createAuthFetch, memoryStore, type TokenProvider, type TokenStore, type VendorProtocol } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock, type ManualClock } from '@x/auth-core/testing';
import { describe, expect, test } from 'vitest';

import { agentOf, withEachFetch, withEachUndici } from '../helpers/undici-versions.ts';
import { startServer, type TestServer } from './helpers.ts';

const minute = 60_000;
const hour = 60 * minute;
const vendorTime = Date.UTC(2099, 0, 1, 12);
const dateOf = (instant: number): string => new Date(instant).toUTCString();

/** A provider whose token lasts two hours. */
function createProvider(baseUrl: string, clock: ManualClock, store?: TokenStore): TokenProvider {
  const protocol: VendorProtocol = {
    name: 'acme',
    baseUrl,
    identity: 'account',
    login: async (context) => {
      context.reportDate?.(dateOf(clock.now()), 0);
      return { value: 'token', expiresAt: clock.now() + 2 * hour };
    },
    isRejection: () => false,
  };
  return createTokenProvider(protocol, { clock, store, refreshBefore: 0 });
}

/** A process whose token comes from the store, with an hour left; its wall clock is off by so much. */
async function startLate(server: TestServer, off: number): Promise<{ provider: TokenProvider; clock: ManualClock }> {
  const store = memoryStore();
  await createProvider(server.origin, manualClock({ now: vendorTime - hour }), store).getToken();
  const clock = manualClock({ now: vendorTime + off - hour });
  await clock.advance(hour);
  const provider = createProvider(server.origin, clock, store);
  expect((await provider.getToken()).value).toBe('token');
  return { provider, clock };
}

/** The first request of a process, by whichever client. */
type Send = (provider: TokenProvider, server: TestServer) => Promise<unknown>;

function describeTime(send: Send): void {
  test('a wrong clock of a process whose token comes from a store is corrected by the first answer', async () => {
    const server = await startServer((_request, response) => void response.setHeader('date', dateOf(vendorTime)).end());
    const { provider, clock } = await startLate(server, -10 * minute);
    await send(provider, server);
    await clock.advance(hour - 2_000);
    expect(provider.peekToken()?.value).toBe('token');
    await clock.advance(3_000);
    expect(provider.peekToken()).toBeUndefined();
  });

  test('status() tells the instants of a token from a store by the time that the first answer told', async () => {
    const server = await startServer((_request, response) => void response.setHeader('date', dateOf(vendorTime)).end());
    const { provider, clock } = await startLate(server, 20 * minute);
    await send(provider, server);
    const { issuedAt = 0, expiresAt = 0, refreshAt = 0 } = await provider.status();
    const minutesFromNow = (instant: number): number => Math.round((instant - clock.now()) / minute);
    expect([issuedAt, expiresAt, refreshAt].map(minutesFromNow)).toEqual([-60, 60, 60]);
  });

  test('an answer that is read long after it was sent does not set the clock back: a dead token stays dead', async () => {
    let pass = async (): Promise<void> => undefined;
    const server = await startServer(async (_request, response) => {
      response.setHeader('date', dateOf(vendorTime + hour - 5_000));
      await pass();
      response.end();
    });
    const { provider, clock } = await startLate(server, 0);
    await clock.advance(hour - 5_000);
    // As a process that is stopped between its request and the answer.
    pass = () => clock.advance(20_000);
    await send(provider, server);
    expect(provider.peekToken()).toBeUndefined();
  });

  test('an answer from a cache, which is old, tells no time', async () => {
    const server = await startServer(
      (_request, response) =>
        void response
          .setHeader('date', dateOf(vendorTime - 20 * hour))
          .setHeader('age', '72000')
          .end(),
    );
    const { provider, clock } = await startLate(server, 0);
    await send(provider, server);
    await clock.advance(hour - 1);
    expect(provider.peekToken()?.value).toBe('token');
    await clock.advance(1);
    expect(provider.peekToken()).toBeUndefined();
  });

  test('once the vendor has told its time, later answers do not change it', async () => {
    const dates = [dateOf(vendorTime), dateOf(vendorTime - 20 * hour)];
    const server = await startServer((_request, response) => void response.setHeader('date', dates.shift() ?? '').end());
    const { provider, clock } = await startLate(server, 0);
    for (const _time of [1, 2]) await send(provider, server);
    await clock.advance(hour + 1_000);
    expect(provider.peekToken()).toBeUndefined();
  });
}

withEachUndici((undici) => {
  describe('through the interceptor', () => {
    describeTime(async (provider, { origin }) => {
      const { body } = await agentOf(undici).compose(authInterceptor(provider)).request({ origin, path: '/', method: 'GET' });
      await body.dump();
    });
  });
});

withEachFetch(({ around }) => {
  describe('through createAuthFetch', () => {
    describeTime(async (provider) => (await createAuthFetch(provider, around)('/')).text());
  });
});
