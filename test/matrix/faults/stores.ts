import type { Lease, TokenStore } from '@x/auth-core';
import { setTimeout as pause } from 'node:timers/promises';

/** One way in which a store fails. */
export interface StoreFault {
  readonly name: string;
  /** The store as it behaves from now on, around one that works. */
  readonly spoil: (store: Locking) => TokenStore;
  /** How many logins two providers make, one after the other: one where the second one finds the token, else two. */
  readonly logins: 1 | 2 | readonly (1 | 2)[];
  /** Providers wait for a lease in vain. */
  readonly waits?: true;
}

/** A store with leases. */
export type Locking = TokenStore & Required<Pick<TokenStore, 'tryLock'>>;

type Method = 'get' | 'set' | 'delete' | 'tryLock';
const everything: readonly Method[] = ['get', 'set', 'delete', 'tryLock'];

/** How long a store may take in a cell, in milliseconds. */
export const storeTimeout = 150;

/** What a method does in place of its work; `run` does that. */
type Instead = (run: () => Promise<never>, args: readonly unknown[]) => Promise<never>;

function instead(methods: readonly Method[], act: Instead): StoreFault['spoil'] {
  return (store) => {
    const spoiled = methods.map((method) => {
      // Of the method's own type again: whatever it gives back is the store's affair.
      const run = store[method].bind(store) as (...args: readonly unknown[]) => Promise<never>;
      return [method, (...args: readonly unknown[]) => act(() => run(...args), args)];
    });
    return { ...store, ...(Object.fromEntries(spoiled) as Partial<TokenStore>) };
  };
}

/** A driver's error that repeats what it was given. */
const repeating: Instead = async (_run, args) => {
  throw Object.assign(new Error(`failed with ${JSON.stringify(args)}`), { code: 'EFAIL', args });
};
const throwing: Instead = () => {
  throw new TypeError('the store is closed');
};
const throwingText: Instead = () => Promise.reject('out of order');
const hanging: Instead = () => new Promise(() => undefined);
const late: Instead = async (run) => {
  await pause(storeTimeout / 5);
  return run();
};
const tooLate: Instead = async (run) => {
  const result = await run();
  await pause(2 * storeTimeout);
  return result;
};

const manners: readonly (readonly [how: string, act: Instead])[] = [
  ['fails with an error that repeats what it was given', repeating],
  ['throws at once', throwing],
  ['rejects with a text', throwingText],
  ['hangs', hanging],
  ['answers too late', tooLate],
];

const failures = manners.flatMap(([how, act]): StoreFault[] => [
  { name: `everything ${how}`, spoil: instead(everything, act), logins: 2 },
  { name: `get ${how}`, spoil: instead(['get'], act), logins: 2 },
  { name: `set ${how}`, spoil: instead(['set'], act), logins: act === tooLate ? [1, 2] : 2 },
  { name: `delete ${how}`, spoil: instead(['delete'], act), logins: 1 },
  { name: `tryLock ${how}`, spoil: instead(['tryLock'], act), logins: [1, 2] },
]);

/** Answers with something else than it has, to a caller who cannot know. */
function lies(name: string, methods: readonly Method[], answer: (truth: unknown) => unknown, logins: StoreFault['logins']): StoreFault {
  return { name, spoil: instead(methods, async (run) => answer(await run()) as never), logins };
}

const text = (truth: unknown, change: (value: string) => unknown): unknown => (typeof truth === 'string' ? change(truth) : truth);

/** Entries that were changed, or that nobody wrote. */
const changed: readonly (readonly [name: string, change: (value: string) => unknown])[] = [
  ['cut short', (value) => value.slice(0, -5)],
  ['with another token', (value) => value.replace(/[0-9a-f]{40}/, 'f'.repeat(40))],
  ['with another letter in each place', (value) => value.replace(/\d/g, '7')],
  ['empty', () => ''],
  ['no JSON', () => '{'],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['a token that nobody wrote', () => JSON.stringify({ value: 'forged', issuedAt: 0 })],
  ['of 2 MiB', () => 'x'.repeat(2 ** 21)],
  ['a number', () => 42],
  ['an object', () => ({ value: 'forged' })],
];

type LeaseFault = readonly [name: string, change: (lease: Lease) => unknown, logins: StoreFault['logins']];

const leases: readonly LeaseFault[] = [
  ['without methods', () => ({}), [1, 2]],
  ['that is a number', () => 1, [1, 2]],
  ['that is lost at once', (lease) => ({ id: lease.id, extend: async () => false, release: () => lease.release() }), [1, 2]],
  [
    'whose extension fails',
    (lease) => ({ id: lease.id, extend: () => Promise.reject(new Error('no')), release: () => lease.release() }),
    [1, 2],
  ],
  [
    'whose extension hangs',
    (lease) => ({ id: lease.id, extend: () => new Promise(() => undefined), release: () => lease.release() }),
    [1, 2],
  ],
  [
    'whose release fails',
    (lease) => ({ id: lease.id, extend: (ttl: number) => lease.extend(ttl), release: () => Promise.reject(new Error('no')) }),
    [1, 2],
  ],
  [
    'whose release hangs',
    (lease) => ({ id: lease.id, extend: (ttl: number) => lease.extend(ttl), release: () => new Promise(() => undefined) }),
    [1, 2],
  ],
];

/** Stores that fail, hang, forget, answer late and lie. A store can only help: whatever it does, each provider gets a token. */
export const storeFaults: readonly StoreFault[] = [
  ...failures,
  { name: 'everything answers late', spoil: instead(everything, late), logins: 1 },
  {
    name: 'no leases',
    spoil: (store) => ({ get: store.get.bind(store), set: store.set.bind(store), delete: store.delete.bind(store) }),
    logins: 1,
  },
  lies('get has forgotten everything', ['get'], () => undefined, 2),
  lies('get answers null', ['get'], () => null, 2),
  { name: 'set keeps nothing', spoil: instead(['set'], async () => true as never), logins: 2 },
  { name: 'set says that the lease was lost', spoil: instead(['set'], async () => false as never), logins: 2 },
  lies('set answers nothing', ['set'], () => undefined, [1, 2]),
  lies('delete answers nothing', ['delete'], () => undefined, 1),
  { name: 'the lease is taken for ever', spoil: instead(['tryLock'], async () => undefined as never), logins: 1, waits: true },
  ...changed.map(([name, change]) => lies(`entries are ${name}`, ['get'], (truth) => text(truth, change), 2)),
  ...leases.map(([name, change, logins]) =>
    // The store has leases, so that an answer is one.
    lies(`a lease ${name}`, ['tryLock'], (truth) => (truth === undefined ? undefined : change(truth as Lease)), logins),
  ),
];
