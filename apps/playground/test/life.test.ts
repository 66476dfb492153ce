import { expect, test } from 'vitest';

import { createLife, type Life } from '../src/life.ts';

const message = { provider: 'esignon', account: 'an-account', login: 'a-login' };
const end = { ...message, cause: 'first', attempts: 1, duration: 20 } as const;

/** What the time line shows, oldest first: `"in use token-1 2–7"`, open at the end while it goes on. */
function shown(life: Life): string[] {
  return life.spans().map(({ kind, label, from, to }) => [kind, ...(label === undefined ? [] : [label]), `${from}–${to ?? ''}`].join(' '));
}

test('a token is in use until it is rejected, and rejected until a login brings another', () => {
  let now = 1;
  const life = createLife(() => now);
  life.on('loginStart', { ...message, cause: 'first' });
  now = 2;
  life.on('loginEnd', { ...end, token: 'token-1' });
  now = 3;
  life.on('rejection', { ...message, token: 'token-1', current: true });
  life.on('rejection', { ...message, token: 'token-1', current: false });
  life.on('loginStart', { ...message, cause: 'rejected' });
  now = 4;
  life.on('loginEnd', { ...end, token: 'token-2' });
  expect(shown(life)).toEqual(['login 1–2', 'in use token-1 2–3', 'rejected token-1 3–4', 'login 3–4', 'in use token-2 4–']);
});

test('a renewal goes on beside the token that is in use', () => {
  let now = 1;
  const life = createLife(() => now);
  life.on('loginEnd', { ...end, token: 'token-1' });
  now = 5;
  life.on('loginStart', { ...message, cause: 'refresh' });
  expect(shown(life)).toEqual(['in use token-1 1–', 'renewal 5–']);
  now = 6;
  life.on('loginEnd', { ...end, token: 'token-2', cause: 'refresh' });
  expect(shown(life)).toEqual(['in use token-1 1–6', 'renewal 5–6', 'in use token-2 6–']);
  expect(life.spans().flatMap(({ kind, isSecond }) => (kind === 'in use' ? [isSecond] : []))).toEqual([false, true]);
});

test('a token has ended when the clock of its vendor says so', () => {
  let now = 1;
  const life = createLife(() => now);
  life.on('loginEnd', { ...end, token: 'token-1', expiresAt: 1_000 });
  now = 2;
  life.look(false, 999);
  expect(shown(life)).toEqual(['in use token-1 1–']);
  life.look(false, 1_000);
  expect(shown(life)).toEqual(['in use token-1 1–2', 'ended token-1 2–']);
});

test('a failed login is shown with its code, and its pause until it is over', () => {
  let now = 1;
  const life = createLife(() => now);
  life.on('loginStart', { ...message, cause: 'first' });
  now = 2;
  life.on('loginFailure', { ...message, cause: 'first', code: 'INVALID_CREDENTIALS', attempts: 1, duration: 1 });
  life.on('cooldown', { ...message, code: 'INVALID_CREDENTIALS', duration: 30_000 });
  now = 3;
  life.look(true, 0);
  expect(shown(life)).toEqual(['failed INVALID_CREDENTIALS 1–2', 'paused INVALID_CREDENTIALS 2–']);
  life.look(false, 0);
  expect(shown(life)).toEqual(['failed INVALID_CREDENTIALS 1–2', 'paused INVALID_CREDENTIALS 2–3']);
});

test('what ended minutes ago is forgotten', () => {
  let now = 1;
  const life = createLife(() => now);
  for (const token of ['token-1', 'token-2', 'token-3']) {
    life.on('loginEnd', { ...end, token });
    now += 200_000;
  }
  expect(shown(life)).toEqual(['in use token-2 200001–400001', 'in use token-3 400001–']);
});
