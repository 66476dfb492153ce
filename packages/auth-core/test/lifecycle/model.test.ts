import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import {
  type AccessToken,
  AuthError,
  type ChannelMessages,
  channels,
  type GetTokenOptions,
  type TokenProvider,
  type VendorProtocol,
} from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { type ManualClock, manualClock } from '@x/auth-core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** What may happen, in any order. */
type Step =
  | { do: 'call' | 'peek' | 'callAndAbort' | 'answer' }
  | { do: 'reject'; which: number }
  | { do: 'abort'; which: number }
  | { do: 'advance' | 'stepClock'; by: number }
  | { do: 'vendor'; mood: Mood };

/** How the vendor treats the next logins. */
type Mood = 'good' | 'unavailable' | 'refusing' | 'hanging' | 'deaf' | 'pausing' | 'unknown end' | 'already past';

const moods: Mood[] = ['good', 'good', 'unavailable', 'refusing', 'hanging', 'deaf', 'pausing', 'unknown end', 'already past'];
const spans = [0, 1, 200, 999, 1_000, 5_000, 15_000, 30_000, 60_000, 89_999, 100_000, 3_600_000];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>({ do: 'call' }, { do: 'peek' }, { do: 'callAndAbort' }, { do: 'answer' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reject' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(...spans) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('stepClock' as const), by: fc.constantFrom(...spans, ...spans.map((span) => -span)) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('vendor' as const), mood: fc.constantFrom(...moods) }) },
);

const lifetime = 100_000;

/** A vendor and what is true of its tokens, by the monotonic clock: nobody steps that. */
class Truth {
  readonly ends = new Map<string, number>();
  /** Tokens whose end is only assumed. */
  readonly assumed = new Set<string>();
  /** Whether a renewal has failed past an assumed end since the last login that worked. */
  keptPastEnd = false;
  readonly rejected = new Set<string>();
  mood: Mood = 'good';
  underWay = 0;
  faults: string[] = [];
  open: (() => void)[] = [];
  logins = 0;
  needs = 0;
  stepped = false;
  current: AccessToken | undefined;
  readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  readonly protocol: VendorProtocol = {
    name: 'model',
    baseUrl: 'https://api.example.com',
    identity: 'model',
    secret: () => 'password',
    isRejection: () => false,
    login: async ({ signal, reportDate }) => {
      this.underWay += 1;
      if (this.underWay > 1) this.faults.push('two logins at once');
      signal.addEventListener('abort', () => (this.underWay -= 1), { once: true });
      try {
        return await this.#answer(signal, reportDate);
      } finally {
        if (!signal.aborted) this.underWay -= 1;
      }
    },
  };

  async #answer(signal: AbortSignal, reportDate?: (date: string, elapsed: number) => void) {
    const { mood } = this;
    if (mood === 'unavailable') throw new AuthError({ code: 'NETWORK', provider: 'model', message: 'down', retryable: true });
    if (mood === 'refusing') throw new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'model', message: 'no' });
    if (mood === 'pausing') {
      throw new AuthError({ code: 'VENDOR_ERROR', provider: 'model', message: 'busy', retryable: true, retryAfter: 20_000 });
    }
    if (mood === 'hanging' || mood === 'deaf') {
      await new Promise<void>((resolve, reject) => {
        this.open.push(resolve);
        if (mood === 'hanging') signal.addEventListener('abort', () => reject(new Error('gone')), { once: true });
      });
    }
    const value = `token-${(this.logins += 1)}`;
    const now = this.clock.monotonic();
    const isAssumed = mood === 'unknown end' || mood === 'already past';
    this.ends.set(value, now + (isAssumed ? 3_600_000 : lifetime));
    if (isAssumed) this.assumed.add(value);
    this.keptPastEnd = false;
    reportDate?.(new Date(beginning + now).toUTCString(), 0);
    if (mood === 'unknown end') return { value, expiresAt: 'unknown' as const };
    return { value, expiresAt: beginning + now + (mood === 'already past' ? -10_000 : lifetime) };
  }

  /** Lets the logins that are held up go on. */
  answerAll(): void {
    this.open.splice(0).forEach((open) => open());
  }

  /** A token in a caller's hands. */
  see(token: AccessToken): void {
    // A clock that is five seconds off passes for right, and the Date header, which tells of it, is cut to the second.
    const end = (this.ends.get(token.value) ?? 0) + (this.stepped ? 6_000 : 0);
    const mayBePast = this.assumed.has(token.value) && this.keptPastEnd;
    if (this.clock.monotonic() >= end && !mayBePast)
      this.faults.push(`${token.value} was handed out ${this.clock.monotonic() - end} ms after its end`);
    if (this.rejected.has(token.value)) this.faults.push(`${token.value} was handed out after it was rejected`);
    this.current = token;
  }
}

const beginning = manualClock().now();

/** What the events of logins say, checked against the truth. */
interface WatchedLogins extends Disposable {
  /** Whether the budget for rejections was used up since this was last reset. */
  budgetUsedUp: boolean;
  /** How many logins rejections caused. */
  rejections: number;
}

function watchLogins(truth: Truth): WatchedLogins {
  let logins = 0;
  const onBudget = (): void => void (watched.budgetUsedUp = true);
  const onKept = (): void => void (truth.keptPastEnd = true);
  const onLogin = (message: unknown): void => {
    const { cause } = message as ChannelMessages['loginStart'];
    logins += 1;
    if (cause === 'rejected') watched.rejections += 1;
    if (logins > truth.needs) truth.faults.push(`a login (${cause}) that nobody needed`);
    const alive = truth.current !== undefined && !truth.rejected.has(truth.current.value) && !truth.stepped;
    const end = truth.ends.get(truth.current?.value ?? '') ?? 0;
    const left = end - truth.clock.monotonic();
    if (alive && cause === 'refresh' && left > 3_600_000 * 0.13) truth.faults.push(`a refresh ${left} ms ahead of the end`);
    if (alive && cause !== 'refresh' && left > 1_000) truth.faults.push(`a login (${cause}) beside a token with ${left} ms left`);
  };
  const watched: WatchedLogins = {
    budgetUsedUp: false,
    rejections: 0,
    [Symbol.dispose]() {
      unsubscribe(channels.budgetUsedUp, onBudget);
      unsubscribe(channels.keptPastAssumedEnd, onKept);
      unsubscribe(channels.loginStart, onLogin);
    },
  };
  subscribe(channels.budgetUsedUp, onBudget);
  subscribe(channels.keptPastAssumedEnd, onKept);
  subscribe(channels.loginStart, onLogin);
  return watched;
}

/** Who asks for tokens, and what they got. */
interface Callers {
  readonly waiting: Set<Promise<unknown>>;
  readonly seen: AccessToken[];
  readonly controllers: AbortController[];
  /** How many listeners there are on their signals. */
  listeners: number;
  call(options?: GetTokenOptions): void;
  callAndAbort(): void;
}

function callersOf(provider: TokenProvider, truth: Truth): Callers {
  const callers: Callers = {
    waiting: new Set(),
    seen: [],
    controllers: [],
    listeners: 0,
    call(options) {
      truth.needs += 1;
      const onToken = (token: AccessToken): void => {
        truth.see(token);
        callers.seen.push(token);
      };
      const onFailure = (error: unknown): void => {
        if (!(error instanceof AuthError)) truth.faults.push(`a failure that is no AuthError: ${String(error)}`);
      };
      const answer: Promise<unknown> = provider
        .getToken(options)
        .then(onToken, onFailure)
        .finally(() => callers.waiting.delete(answer));
      callers.waiting.add(answer);
    },
    callAndAbort() {
      const controller = new AbortController();
      const { signal } = controller;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        callers.listeners += 1;
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        callers.listeners -= 1;
        removeEventListener.apply(signal, args);
      };
      callers.controllers.push(controller);
      callers.call({ signal });
    },
  };
  return callers;
}

type Acts = { [Act in Step['do']]: (step: Extract<Step, { do: Act }>) => void | Promise<void> };

function actsOf(provider: TokenProvider, truth: Truth, callers: Callers, logins: WatchedLogins): Acts {
  return {
    call: () => callers.call(),
    peek: () => {
      truth.needs += 1;
      const token = provider.peekToken();
      if (token !== undefined) truth.see(token);
    },
    callAndAbort: () => callers.callAndAbort(),
    abort: ({ which }) => callers.controllers.at(-1 - which)?.abort(),
    answer: () => truth.answerAll(),
    reject: ({ which }) => {
      const rejected = callers.seen.at(-1 - which);
      if (rejected === undefined) return;
      logins.budgetUsedUp = false;
      callers.call({ rejected });
      if (!logins.budgetUsedUp) truth.rejected.add(rejected.value);
    },
    advance: ({ by }) => truth.clock.advance(by),
    stepClock: ({ by }) => {
      truth.clock.step(by);
      truth.stepped = true;
    },
    vendor: ({ mood }) => void (truth.mood = mood),
  };
}

/** What went wrong in a life of these steps. */
async function live(steps: readonly Step[], chance: number): Promise<string[]> {
  using clock = manualClock({ timers: true });
  const truth = new Truth(clock);
  const provider = createTokenProvider(truth.protocol, { clock, random: () => chance, fallbackLifetime: 3_600_000, retries: 1 });
  using logins = watchLogins(truth);
  const callers = callersOf(provider, truth);
  const acts = actsOf(provider, truth, callers, logins);
  for (const next of steps) {
    await (acts[next.do] as (step: Step) => void | Promise<void>)(next);
    await clock.settle();
  }
  truth.mood = 'good';
  for (let round = 0; round < 4 && (callers.waiting.size > 0 || clock.timers.pending > 0); round += 1) await clock.advance(60_000);
  truth.answerAll();
  await clock.settle();
  if (callers.waiting.size > 0) truth.faults.push(`${callers.waiting.size} callers were never answered`);
  if (clock.timers.pending > 0) truth.faults.push(`${clock.timers.pending} timers were left behind`);
  if (callers.listeners > 0) truth.faults.push(`${callers.listeners} listeners were left behind`);
  if (logins.rejections > 5 + clock.monotonic() / 60_000) truth.faults.push(`${logins.rejections} logins for rejections`);
  return truth.faults;
}

it(
  'a provider holds its promises in any interleaving of callers, aborts, expiries, rejections, failures and clock steps',
  { timeout: 300_000 },
  async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const numRuns = 10_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
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
