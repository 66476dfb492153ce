import { randomBytes } from 'node:crypto';

import type { Bench } from './bench.ts';
import { measureAll } from './calls.ts';
import { inWords } from './describe-event.ts';
import type { Measured, Outcome } from './messages.ts';

/** Does one thing to a vendor or with it, and says what came of it. */
type Action = (bench: Bench) => Outcome | Promise<Outcome>;

const minute = 60_000;
/** The calls that are made at once. */
const load = 100;

/** What the buttons do, by the last part of the path that they post to. */
export const actions = {
  revoke(bench) {
    bench.revoke();
    return { said: 'The vendor revoked every token. The next call will meet that.' };
  },
  async burst(bench) {
    const measured = await measureAll(load, bench.call, bench.logins);
    return { said: `${sumUp(measured)}.` };
  },
  async elsewhere(bench) {
    if (bench.mode === 'down') return { said: 'The vendor is down, for somebody elsewhere too.' };
    await bench.logInElsewhere();
    return { said: 'Somebody logged in elsewhere, and the vendor ended the older token: ours.' };
  },
  down: setMode('down', 'The vendor is down: every connection is reset.'),
  slow: setMode('slow', 'The vendor is slow: each answer is more than a second late.'),
  up: setMode('up', 'The vendor answers as usual.'),
  'change-password'(bench) {
    bench.changePassword(randomBytes(12).toString('hex'));
    return { said: 'The vendor has a new password and ended its tokens. The provider still has the old password.' };
  },
  'use-new-password'(bench) {
    bench.passOnPassword();
    return { said: 'The provider has the new password. No restart, no new provider.' };
  },
  'step-5-minutes': step(5 * minute),
  'step-1-hour': step(60 * minute),
  compare,
} satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof actions;

/** Those that make many calls: one of them at a time. */
export const loads: ReadonlySet<ActionName> = new Set(['burst', 'compare']);

export const actionNames = Object.keys(actions) as ActionName[]; // the keys of a literal

function setMode(mode: Bench['mode'], said: string): Action {
  return (bench) => {
    bench.mode = mode;
    return { said };
  };
}

function step(milliseconds: number): Action {
  return (bench) => {
    bench.clock.step(milliseconds);
    return { said: `The clock of vendor and provider is ${inWords(bench.clock.ahead())} ahead.` };
  };
}

/** Both have a token, both tokens are revoked, and then both get the same load at the same time. */
async function compare(bench: Bench): Promise<Outcome> {
  await Promise.all([bench.call(), bench.callByHand()]);
  bench.revoke();
  const [provider, handWritten] = await Promise.all([
    measureAll(load, bench.call, bench.logins),
    measureAll(load, bench.callByHand, bench.loginsByHand),
  ]);
  const said = `Revoked, then ${load} calls at once. The provider: ${sumUp(provider)}. Written by hand: ${sumUp(handWritten)}.`;
  return { said, comparison: { calls: load, provider, handWritten } };
}

function sumUp({ logins, answered, duration, failures }: Measured): string {
  const failed = Object.entries(failures).map(([code, calls]) => `${calls} ${code}`);
  return [`${answered} of ${load} calls answered`, ...failed, countLogins(logins), inWords(duration)].join(', ');
}

function countLogins(logins: number): string {
  if (logins === 0) return 'no login';
  return logins === 1 ? '1 login' : `${logins} logins`;
}
