import { type AccessToken, AuthError, type GetTokenOptions, type TokenProvider } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { type ManualClock, manualClock } from '@x/auth-core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { times } from '../helpers/times.ts';
import { type LyingStore, lyingStore, type StoreMood, storeMoods } from './lying-store.ts';

const passwords = ['red', 'green', 'blue'] as const;
type Password = (typeof passwords)[number];

/** What may happen, in any order. `who`: which of the providers. */
type Step =
  | { do: 'call'; who: number }
  | { do: 'peek'; who: number }
  | { do: 'callAndAbort'; who: number }
  | { do: 'status'; who: number }
  | { do: 'forget'; who: number }
  | { do: 'reject'; who: number; which: number }
  | { do: 'password'; who: number; password: Password }
  | { do: 'advance'; by: number }
  | { do: 'store'; mood: StoreMood }
  | { do: 'vendor'; mood: VendorMood }
  | { do: 'accept'; accepted: readonly Password[] };

type VendorMood = 'good' | 'unavailable' | 'failing' | 'slow' | 'unknown end';

/** The first three are of one account, the last one of another. */
const accounts = ['first', 'first', 'first', 'other'] as const;
const who = fc.nat(accounts.length - 1);
const spans = [0, 1, 200, 999, 1_000, 1_500, 3_000, 5_000, 30_000, 60_000, 89_999, 100_000, 3_600_000];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('call' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('peek' as const, 'callAndAbort' as const, 'status' as const, 'forget' as const), who }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reject' as const), who, which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('password' as const), who, password: fc.constantFrom(...passwords) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(...spans) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('store' as const), mood: fc.constantFrom(...storeMoods) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('vendor' as const),
      mood: fc.constantFrom<VendorMood>('good', 'good', 'unavailable', 'failing', 'slow', 'unknown end'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('accept' as const), accepted: fc.subarray([...passwords], { minLength: 1 }) }) },
);

const lifetime = 100_000;
const fallbackLifetime = 3_600_000;

/** A token that was issued: to whom, by which password, and until when; no end = it is only assumed. */
interface Issued {
  readonly account: string;
  readonly password: string;
  readonly end: number | undefined;
}

/** The vendor, and what is true. */
interface World {
  readonly clock: ManualClock;
  readonly store: LyingStore;
  readonly issued: Map<string, Issued>;
  readonly faults: string[];
  /** Every refused login: of which account, and with which password. */
  readonly refusals: { account: string; password: string }[];
  mood: VendorMood;
  accepted: readonly Password[];
}

/** A provider, its passwords so far (the last one is in use), and what it handed out. */
interface Subject {
  readonly provider: TokenProvider;
  readonly account: string;
  readonly passwords: Password[];
  readonly seen: AccessToken[];
  readonly rejected: string[];
  readonly waiting: Set<Promise<unknown>>;
  underWay: number;
  /** The passwords that a login may have been asked for which is not over yet. */
  inUse: Password[];
}

async function logIn(world: World, subject: Subject, password: string, signal: AbortSignal) {
  const { clock, mood, accepted } = world;
  if (mood === 'slow') await new Promise((resolve) => void setTimeout(resolve, 4_000));
  signal.throwIfAborted();
  if (mood === 'unavailable') throw new AuthError({ code: 'NETWORK', provider: 'model', message: 'down', retryable: true });
  if (mood === 'failing') throw new AuthError({ code: 'VENDOR_ERROR', provider: 'model', message: 'broken' });
  if (!accepted.some((one) => one === password)) {
    world.refusals.push({ account: subject.account, password });
    throw new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'model', message: 'no' });
  }
  const value = `token-${world.issued.size + 1}`;
  const end = mood === 'unknown end' ? undefined : clock.monotonic() + lifetime;
  world.issued.set(value, { account: subject.account, password, end });
  return { value, expiresAt: end === undefined ? ('unknown' as const) : clock.now() + lifetime };
}

function createSubject(world: World, account: string, chance: number): Subject {
  const { clock } = world;
  const protocol = {
    name: 'model',
    baseUrl: 'https://api.example.com',
    identity: account,
    secret: () => subject.passwords.at(-1) ?? '',
    isRejection: () => false,
    login: async ({ signal, secret = '' }: { signal: AbortSignal; secret?: string }) => {
      subject.underWay += 1;
      if (subject.underWay > 1) world.faults.push('two logins of one provider at once');
      try {
        return await logIn(world, subject, secret, signal);
      } finally {
        subject.underWay -= 1;
      }
    },
  };
  const options = { clock, random: () => chance, fallbackLifetime, retries: 1, rejectionBudget: 100, store: world.store.store };
  const subject: Subject = {
    provider: createTokenProvider(protocol, options),
    account,
    passwords: ['red'],
    seen: [],
    rejected: [],
    waiting: new Set(),
    underWay: 0,
    inUse: ['red'],
  };
  return subject;
}

/** A token in a caller's hands: one that was issued, to this account, with a password of this provider, not ended and not rejected. */
function see(world: World, subject: Subject, token: AccessToken): void {
  const issued = world.issued.get(token.value);
  const say = (what: string): void => void world.faults.push(`${token.value} ${what}`);
  subject.seen.push(token);
  if (issued === undefined) return say('was never issued');
  if (issued.account !== subject.account) say('belongs to another account');
  if (!subject.passwords.some((password) => password === issued.password)) say('was brought by another password');
  if (issued.end !== undefined && world.clock.monotonic() >= issued.end) say('was handed out after its end');
  if (subject.rejected.slice(-8).includes(token.value)) say('was handed out after it was rejected');
}

function fail(world: World, subject: Subject, error: unknown): void {
  if (!(error instanceof AuthError)) return void world.faults.push(`a failure that is no AuthError: ${String(error)}`);
  if (error.code !== 'COOLING_DOWN' || error.reason !== 'INVALID_CREDENTIALS') return;
  const refusals = world.refusals.filter(({ account }) => account === subject.account);
  const isOwn = refusals.some(({ password }) => subject.inUse.some((own) => own === password));
  if (!isOwn && refusals.length < 5) world.faults.push(`a cooldown (${refusals.length} refusals) of other passwords`);
}

function call(world: World, subject: Subject, options?: GetTokenOptions): void {
  const isIdle = subject.waiting.size === 0 && subject.underWay === 0 && world.clock.timers.pending === 0;
  if (isIdle) subject.inUse = subject.passwords.slice(-1);
  const answer: Promise<unknown> = subject.provider
    .getToken(options)
    .then(
      (token) => see(world, subject, token),
      (error: unknown) => fail(world, subject, error),
    )
    .finally(() => subject.waiting.delete(answer));
  subject.waiting.add(answer);
}

/** What never fails, whatever the store does. */
function settle(world: World, subject: Subject, work: Promise<unknown>): void {
  const answer: Promise<unknown> = work
    .catch((error: unknown) => world.faults.push(`status or forget failed: ${String(error)}`))
    .finally(() => subject.waiting.delete(answer));
  subject.waiting.add(answer);
}

type Acts = { [Act in Step['do']]: (step: Extract<Step, { do: Act }>) => unknown };

function actsOf(world: World, subjects: readonly Subject[]): Acts {
  const at = (index: number): Subject => subjects[index] ?? subjects[0] ?? createSubject(world, 'first', 0);
  return {
    call: (step) => call(world, at(step.who)),
    peek: (step) => {
      const token = at(step.who).provider.peekToken();
      if (token !== undefined) see(world, at(step.who), token);
    },
    callAndAbort: (step) => {
      const controller = new AbortController();
      call(world, at(step.who), { signal: controller.signal });
      controller.abort();
    },
    status: (step) => settle(world, at(step.who), at(step.who).provider.status()),
    forget: (step) => {
      // What was rejected before is forgotten, too.
      at(step.who).rejected.length = 0;
      settle(world, at(step.who), at(step.who).provider.forget());
    },
    reject: (step) => {
      const rejected = at(step.who).seen.at(-1 - step.which);
      if (rejected === undefined) return;
      at(step.who).rejected.push(rejected.value);
      call(world, at(step.who), { rejected });
    },
    password: (step) => {
      at(step.who).passwords.push(step.password);
      at(step.who).inUse.push(step.password);
    },
    advance: (step) => world.clock.advance(step.by),
    store: (step) => (world.store.mood = step.mood),
    vendor: (step) => (world.mood = step.mood),
    accept: (step) => (world.accepted = step.accepted),
  };
}

/** What went wrong in a life of these steps. */
async function live(steps: readonly Step[], chance: number): Promise<string[]> {
  using clock = manualClock({ timers: true });
  const world: World = {
    clock,
    store: lyingStore(clock),
    issued: new Map(),
    faults: [],
    refusals: [],
    mood: 'good',
    accepted: ['red'],
  };
  const subjects = accounts.map((account) => createSubject(world, account, chance));
  const acts = actsOf(world, subjects);
  for (const next of steps) {
    await (acts[next.do] as (step: Step) => unknown)(next); // its own kind of step
    await clock.settle();
  }
  const waiting = (): number => subjects.reduce((sum, subject) => sum + subject.waiting.size, 0);
  for (let round = 0; round < 8 && (waiting() > 0 || clock.timers.pending > 0); round += 1) await clock.advance(30_000);
  if (waiting() > 0) world.faults.push(`${waiting()} callers were never answered (store ${world.store.mood})`);
  if (clock.timers.pending > 0) world.faults.push(`${clock.timers.pending} timers were left behind`);
  return world.faults;
}

const numRuns = times({ usually: 300, full: 10_000 });

it(
  `whatever a store does, four providers on it get tokens of their own account and password alone, and every caller is answered (${numRuns} lives)`,
  { timeout: 300_000 },
  async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (steps, chance) => {
          expect(await live(steps, chance)).toEqual([]);
        },
      ),
      { numRuns },
    );
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  },
);
