import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { AuthError, type ChannelMessages, channels, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { fails, stubVendor, type StubVendorOptions, unavailable } from './stub-vendor.ts';

type Name = keyof typeof channels;
type Heard = { [N in Name]: { name: N; message: ChannelMessages[N] } }[Name];

const names = Object.keys(channels) as Name[];
const password = 'p@ss w"rd';

let clock = manualClock();
let heard: Heard[] = [];
const listeners = names.map((name) => ({
  name,
  listen: (message: unknown): void => void heard.push({ name, message } as Heard),
}));

beforeEach(() => {
  clock = manualClock({ timers: true });
  heard = [];
  for (const { name, listen } of listeners) subscribe(channels[name], listen);
});
afterEach(() => {
  clock[Symbol.dispose]();
  for (const { name, listen } of listeners) unsubscribe(channels[name], listen);
  const said = JSON.stringify(heard);
  expect(said).not.toContain('token-');
  expect(said).not.toContain('p@ss');
  for (const { message } of heard) expect(message).toMatchObject({ provider: 'stub', account: expect.stringMatching(/^[\w-]{8}$/) });
});

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), secret: () => password, ...vendorOptions });
  return { vendor, provider: createTokenProvider(vendor.protocol, { clock, random: () => 0, ...options }) };
}

function told<N extends Name>(name: N): ChannelMessages[N][] {
  return heard.filter((one) => one.name === name).map((one) => one.message as ChannelMessages[N]);
}

it('an operator hears of each login its beginning and its end, with how long it took and a fingerprint of the token', async () => {
  const { vendor, provider } = setUp();
  vendor.script.push(unavailable);
  const token = provider.getToken();
  await clock.advance(200);
  const { expiresAt } = await token;
  expect(told('loginStart')).toMatchObject([{ cause: 'first' }]);
  expect(told('loginEnd')).toMatchObject([
    { cause: 'first', attempts: 2, duration: 200, expiresAt, token: expect.stringMatching(/^[0-9a-f]{8}$/) },
  ]);
});

it('an operator hears the same fingerprint of the same token from every process', async () => {
  await setUp().provider.getToken();
  await setUp().provider.getToken();
  const [one, other] = told('loginEnd');
  expect(one?.token).toBe(other?.token);
});

it('an operator hears of a login that failed, with the code and the attempts', async () => {
  const { provider } = setUp({}, { otherwise: fails('NETWORK', { retryable: true }) });
  const failed = provider.getToken().catch(() => undefined);
  await clock.advance(2_000);
  await failed;
  expect(told('loginFailure')).toMatchObject([{ code: 'NETWORK', attempts: 3, cause: 'first', duration: 600 }]);
});

it('an operator hears of a refresh, and of one that failed when the next one is due', async () => {
  const { vendor, provider } = setUp();
  await provider.getToken();
  await clock.advance(3_300_000);
  vendor.script.push(unavailable);
  provider.peekToken();
  await clock.advance(1_000);
  provider.peekToken();
  await clock.settle();
  expect(told('refresh')).toMatchObject([{ ok: false, code: 'VENDOR_ERROR', nextTryIn: 1_000 }, { ok: true }]);
});

it('an operator hears of a rejection, whether the token was still the current one, and of a budget that is used up', async () => {
  const { provider } = setUp({ rejectionBudget: 1 });
  const first = await provider.getToken();
  const second = await provider.getToken({ rejected: first });
  await provider.getToken({ rejected: first });
  await provider.getToken({ rejected: second });
  expect(told('rejection').map(({ current }) => current)).toEqual([true, false, true]);
  expect(told('budgetUsedUp')).toHaveLength(1);
  expect(told('loginStart').map(({ cause }) => cause)).toEqual(['first', 'rejected']);
});

it('an operator hears of a cooldown, and how long it lasts', async () => {
  const { vendor, provider } = setUp();
  vendor.script.push(fails('INVALID_CREDENTIALS', { vendorCode: '10' }));
  await provider.getToken().catch(() => undefined);
  expect(told('cooldown')).toMatchObject([{ code: 'INVALID_CREDENTIALS', vendorCode: '10', duration: 30_000 }]);
});

it('an operator hears how long the account pauses where five passwords were refused, not how long the last of them does', async () => {
  let asked = 0;
  const { provider } = setUp({}, { secret: () => `p@ss-${(asked += 1)}`, otherwise: fails('INVALID_CREDENTIALS') });
  for (let call = 1; call <= 5; call += 1) await provider.getToken().catch(() => undefined);
  expect(told('cooldown').map(({ duration }) => duration)).toEqual([30_000, 30_000, 30_000, 30_000, 480_000]);
  expect(await provider.status()).toMatchObject({ pause: { until: clock.now() + 480_000 } });
});

it('an operator hears of a pause that the vendor asked for', async () => {
  const { vendor, provider } = setUp();
  vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 60_000 }));
  await provider.getToken().catch(() => undefined);
  expect(told('cooldown')).toMatchObject([{ code: 'VENDOR_ERROR', duration: 60_000 }]);
});

it('an operator hears of a token of unknown end, and why it is unknown', async () => {
  const { vendor, provider } = setUp();
  vendor.script.push(
    () => ({ value: 'token-x', expiresAt: 'unknown' }),
    () => ({ value: 'token-y', expiresAt: 1 }),
  );
  await provider.getToken({ rejected: await provider.getToken() });
  expect(told('unknownEnd')).toMatchObject([
    { why: 'not told', lifetime: 43_200_000 },
    { why: 'already past', lifetime: 43_200_000 },
  ]);
});

it.each([
  ['the name', new RangeError('could not read token-1'), 'RangeError'],
  ['the code', Object.assign(new Error('could not read token-1'), { code: 'EISDIR' }), 'EISDIR'],
])('an operator hears of a store that fails, by %s of the error and without its message', async (_what, thrown, error) => {
  const store = { ...memoryStore(), get: () => Promise.reject(thrown) };
  await setUp({ store }).provider.getToken();
  expect(told('storeTrouble')).toContainEqual(expect.objectContaining({ operation: 'get', why: 'failed', error }));
  expect(JSON.stringify(told('storeTrouble'))).not.toContain('token-1');
});

it('an operator hears of an entry in the store that cannot be read', async () => {
  const store = { ...memoryStore(), get: async () => '{"version":7}' };
  await setUp({ store }).provider.getToken();
  expect(told('storeTrouble')[0]).toMatchObject({ operation: 'read', why: 'unreadable' });
});

it('all events of one login carry its id, and those of another one another', async () => {
  const { vendor, provider } = setUp({ fallbackLifetime: 1_000, refreshBefore: 0 });
  vendor.script.push(() => ({ value: 'first', expiresAt: 'unknown' }), fails('INVALID_CREDENTIALS'));
  await provider.getToken();
  await clock.advance(1_000);
  await provider.getToken();
  const ids = heard.flatMap(({ message }) => ('login' in message ? [message.login] : []));
  const counts = [...new Set(ids)].map((id) => ids.filter((one) => one === id).length);
  // Start, unknown end and end; start, failure, cooldown, refresh and the token that is kept past its end.
  expect(counts).toEqual([3, 5]);
});

it('an operator hears that a token came from the store, how old it is, and that no login was needed', async () => {
  const store = memoryStore();
  await setUp({ store }).provider.getToken();
  await clock.advance(90_000);
  const { expiresAt } = await setUp({ store }).provider.getToken();
  const [brought] = told('loginEnd');
  expect(told('tokenFromStore')).toEqual([
    expect.objectContaining({ cause: 'first', age: 90_000, token: brought?.token, expiresAt, login: expect.any(String) }),
  ]);
  expect(told('loginStart')).toHaveLength(1);
});

it('an operator hears that another process has replaced a rejected token, also where the budget forbids a login', async () => {
  const store = memoryStore();
  const { provider } = setUp({ store, rejectionBudget: 0 }, { lifetime: null });
  const rejected = await provider.getToken();
  await setUp({ store }, { lifetime: null }).provider.forget();
  await setUp({ store }, { otherwise: () => ({ value: 'token-other' }) }).provider.getToken();
  await clock.advance(1_000);
  expect((await provider.getToken({ rejected })).value).toBe('token-other');
  expect(told('tokenFromStore')).toEqual([expect.objectContaining({ cause: 'rejected', age: 1_000 })]);
  expect(told('tokenFromStore')[0]).not.toHaveProperty('expiresAt');
});

it("an operator hears of trouble with a store in which login it was, and the store's own reason", async () => {
  const busy = new AuthError({ code: 'STORE', provider: 'store', message: 'store: the file is locked' });
  const store = { ...memoryStore(), get: () => Promise.reject(busy) };
  await setUp({ store }).provider.getToken();
  const [start] = told('loginStart');
  expect(told('storeTrouble').length).toBeGreaterThan(1);
  for (const trouble of told('storeTrouble')) {
    expect(trouble).toMatchObject({ login: start?.login, why: 'failed', error: 'STORE', reason: 'store: the file is locked' });
  }
});

/** What was given without the code that binds it to the password. */
const bare = (given: string): string => given.replace(/^[\w-]{43}\./, '');

/** What stores of others might throw: an error that has what they were given in one of its texts. */
const leaks: [where: string, leak: (given: string) => Error][] = [
  ["an AuthError's message", (given) => new AuthError({ code: 'STORE', provider: 'store', message: `store: cannot take ${given}` })],
  ['a part of that, escaped', (given) => new AuthError({ code: 'STORE', provider: 'store', message: JSON.stringify(bare(given)) })],
  ['a code', (given) => Object.assign(new Error('no'), { code: given })],
  ['a name', (given) => Object.assign(new Error('no'), { name: given })],
];

it.each(leaks)("no event repeats what a store of somebody else's was given: %s", async (_where, leak) => {
  const memory = memoryStore();
  const given: string[] = [];
  const refuse = (text: string): Promise<never> => (given.push(text), Promise.reject(leak(text)));
  const store = {
    ...memory,
    // The token is in the store all the same, so that it is to be removed once it is rejected.
    set: async (key: string, value: string) => (await memory.set(key, value), refuse(value)),
    delete: async (key: string, expected?: string) => refuse(expected ?? (await memory.get(key)) ?? key),
    tryLock: (key: string) => refuse(`lease of ${key}`),
  };
  const { provider } = setUp({ store });
  const rejected = await provider.getToken();
  const { value } = await provider.getToken({ rejected });
  await provider.forget();
  expect(given.join()).toContain(rejected.value);
  expect(given.join()).toContain(value);
  const said = told('storeTrouble');
  expect(new Set(said.map(({ operation }) => operation))).toEqual(new Set(['lock', 'set', 'delete']));
  for (const text of given) expect(JSON.stringify(said)).not.toContain(JSON.stringify(bare(text)).slice(1, -1));
});

it('an operator hears the whole sentence of a store of ours, however long it is, and also where the password is one of its words', async () => {
  const message = `@x/auth-store-sqlite: the file /${'long/'.repeat(80)}tokens.db cannot be used: database is locked`;
  const busy = new AuthError({ code: 'STORE', provider: 'auth-store-sqlite', message });
  const store = { ...memoryStore(), get: () => Promise.reject(busy) };
  await setUp({ store }, { secret: () => 'locked' }).provider.getToken();
  expect(told('storeTrouble')[0]).toMatchObject({ error: 'STORE', reason: message });
});

it("an operator hears the end of every login that began, also where another process's failure ended it", async () => {
  let isLost = false;
  const release = async (): Promise<void> => undefined;
  const leases = [
    { id: 'one', extend: async () => !isLost, release },
    { id: 'other', extend: async () => true, release },
  ];
  const store = { ...memoryStore(), tryLock: async () => leases.shift() };
  const one = setUp({ store });
  one.vendor.script.push(unavailable);
  const failed = one.provider.getToken().catch((error: unknown) => error);
  await clock.settle();
  isLost = true;
  const other = setUp({ store });
  other.vendor.script.push(fails('VENDOR_ERROR'));
  await other.provider.getToken().catch(() => undefined);
  await clock.advance(200);
  expect(await failed).toMatchObject({ code: 'VENDOR_ERROR', retryable: false });
  const started = told('loginStart').map(({ login }) => login);
  expect(told('loginFailure').map(({ login }) => login)).toEqual(started.toReversed());
  expect(started).toHaveLength(2);
});
