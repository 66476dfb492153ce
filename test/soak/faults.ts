import type { Fault, ReceivedRequest, Reply } from '@x/auth-core/testing';

import type { Chance } from './random.ts';

/** What is done to one exchange. */
export interface Disturbance {
  readonly fault: Fault;
  /** Whether the answer says that the token is rejected, which is a cause to send the request again. */
  readonly rejectsToken: boolean;
}

type Make = (chance: Chance) => Fault;

const always: readonly Make[] = [
  () => ({ status: 500 }),
  () => ({ status: 503, retryAfter: 1 }),
  (chance) => ({ slow: chance.between(1, 200) }),
  (chance) => ({ slow: chance.between(1, 200) }),
  () => 'silent',
  () => 'reset',
  () => 'reset',
  () => 'cut',
  () => 'cut',
  () => 'garbage',
  () => ({ redirect: '/elsewhere', status: 303 }),
  () => 'oversize',
  () => ({ answer: echo }),
];

/** A vendor that says all that it was sent, in a sentence of its own. */
function echo({ body, headers }: ReceivedRequest): Reply {
  const msg = `cannot read ${body} with ${headers.authorization ?? 'no token'}`;
  return { status: 400, json: { header: { result_code: '12', result_msg: msg }, status: 400, msg } };
}

const ofLogin: readonly Make[] = [
  ...always,
  () => ({ status: 401 }),
  () => ({ status: 429, retryAfter: 1 }),
  (chance) => ({ slow: chance.between(300, 700) }),
  () => 'flood',
];

/** What happens to a login or another request: one in five is disturbed. */
export function disturb(chance: Chance, isLogin: boolean): Disturbance | undefined {
  if (!chance.percent(20)) return undefined;
  if (!isLogin && chance.percent(10)) return { fault: { status: 401 }, rejectsToken: true };
  const kinds = isLogin ? ofLogin : always;
  const make = kinds[chance.between(0, kinds.length - 1)] ?? always[0];
  return make === undefined ? undefined : { fault: make(chance), rejectsToken: false };
}
