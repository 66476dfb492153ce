import { AuthError, type AuthErrorInit, isAuthError } from '@x/auth-core';
import { describe, expect, it } from 'vitest';

import { createAccount } from '../../src/lifecycle/account.ts';
import { Cooldown, type Refusal } from '../../src/lifecycle/cooldown.ts';
import { resolveOptions } from '../../src/lifecycle/options.ts';
import { stubVendor } from './stub-vendor.ts';

const minute = 60_000;
const hour = 60 * minute;

function setUp(options: { cooldown?: number } = {}) {
  const time = { now: 0 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const { protocol } = stubVendor(clock);
  const account = createAccount(
    protocol,
    { baseUrl: 'https://api.example.com', origins: [] },
    resolveOptions({ clock, ...options }, 'stub'),
  );
  const cooldown = new Cooldown(account);
  /** Why these credentials are not tried now; undefined where they are. */
  const refusal = (credentials: string, wait = 0): AuthError | undefined => {
    try {
      cooldown.check(credentials, wait);
      return undefined;
    } catch (error) {
      if (isAuthError(error)) return error;
      throw error;
    }
  };
  return { time, cooldown, refusal, isTried: (credentials: string, wait = 0) => refusal(credentials, wait) === undefined };
}

const failure = (init: Partial<AuthErrorInit> & Pick<AuthErrorInit, 'code'>): AuthError =>
  new AuthError({ provider: 'stub', message: 'stub: no', ...init });
const refused = failure({ code: 'INVALID_CREDENTIALS', vendorCode: '10', vendorMessage: 'wrong password', vendorStatus: 401 });
const asked = (retryAfter: number): AuthError => failure({ code: 'VENDOR_ERROR', retryable: true, retryAfter, vendorStatus: 503 });
const known = (until: number): Refusal => ({ code: 'NOT_ALLOWED', count: 1, until });

describe('credentials that were refused', () => {
  it('are not tried before their cooldown ends, to the millisecond, and others are', () => {
    const { time, cooldown, isTried } = setUp();
    expect(cooldown.recordFailure(refused, 'wrong')).toMatchObject({ pause: 30_000, refusal: { count: 1, until: 30_000 } });
    time.now = 29_999;
    expect(isTried('wrong')).toBe(false);
    expect(isTried('other')).toBe(true);
    time.now = 30_000;
    expect(isTried('wrong')).toBe(true);
  });

  it.each(['INVALID_CREDENTIALS', 'NOT_ALLOWED'] as const)('are those of which the vendor said so: %s', (code) => {
    const { cooldown, refusal } = setUp();
    expect(cooldown.recordFailure(failure({ code }), 'wrong')).toMatchObject({ pause: 30_000, refusal: { code } });
    expect(refusal('wrong')).toMatchObject({ reason: code });
  });

  it('are counted for themselves: the cooldown doubles with each refusal in a row, up to an hour', () => {
    const { time, cooldown } = setUp();
    for (const pause of [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]) {
      expect(cooldown.recordFailure(refused, 'wrong', 1).pause).toBe(pause * 1_000);
      time.now += 2 * hour;
    }
    expect(cooldown.recordFailure(refused, 'other', 1).pause).toBe(30_000);
  });

  it('have the cooldown of the option where that is longer than an hour, and never a longer one', () => {
    const { cooldown } = setUp({ cooldown: 2 * hour });
    expect(cooldown.recordFailure(refused, 'wrong', 1).pause).toBe(2 * hour);
    expect(cooldown.recordFailure(refused, 'wrong', 1).pause).toBe(2 * hour);
  });

  it('are remembered, the last eight of them, and the oldest is forgotten first', () => {
    const { cooldown, isTried } = setUp();
    const all = Array.from({ length: 9 }, (_, index) => `wrong${index}`);
    for (const credentials of all.slice(0, 8)) cooldown.remember(credentials, known(hour));
    expect(all.filter((credentials) => isTried(credentials))).toEqual(['wrong8']);
    cooldown.remember('wrong0', known(hour));
    cooldown.remember('wrong8', known(hour));
    expect(all.filter((credentials) => isTried(credentials))).toEqual(['wrong1']);
  });

  it('are tried again after they worked, and no other ones', () => {
    const { cooldown, isTried } = setUp();
    for (const credentials of ['one', 'two', 'three']) cooldown.remember(credentials, known(hour));
    cooldown.clear('one');
    expect(['one', 'two', 'three'].filter((credentials) => isTried(credentials))).toEqual(['one']);
  });

  it('are all tried again once the account is forgotten', () => {
    const { cooldown, isTried } = setUp();
    for (let call = 0; call < 5; call += 1) cooldown.recordFailure(refused, `wrong${call}`);
    cooldown.reset();
    expect(isTried('wrong1')).toBe(true);
    expect(cooldown.nextRefusalCount).toBe(1);
    expect(cooldown.pauseLeft()).toBe(0);
  });

  it('make an error that says what the vendor said, how long it lasts and what to do', () => {
    const { time, cooldown, refusal } = setUp();
    cooldown.recordFailure(refused, 'wrong');
    time.now = 0.5;
    const error = refusal('wrong');
    expect(error).toMatchObject({
      code: 'COOLING_DOWN',
      provider: 'stub',
      reason: 'INVALID_CREDENTIALS',
      vendorCode: '10',
      vendorMessage: 'wrong password',
      retryAfter: 30_000,
      retryable: false,
    });
    expect(error?.message).toBe(
      'stub: login not attempted: these credentials were refused (INVALID_CREDENTIALS); correct them (a new password is tried at once) or wait 30 s',
    );
  });
});

describe('an account whose credentials are refused again and again', () => {
  it('pauses for the longer time where its credentials pause, too, and says so', () => {
    const { time, cooldown, refusal } = setUp();
    for (let call = 1; call <= 5; call += 1) cooldown.recordFailure(refused, `wrong${call}`);
    expect(refusal('wrong5')?.message).toMatch(/^stub: login not attempted: this account was refused 5 times.* or wait 480 s$/);
    cooldown.remember('wrong5', known(480_001));
    expect(refusal('wrong5')?.message).toMatch(/^stub: login not attempted: these credentials were refused.* or wait 481 s$/);
    cooldown.remember('wrong5', known(480_000));
    expect(refusal('wrong5')?.message).toContain('this account was refused 5 times');
    time.now = 480_000;
    expect(refusal('wrong5')).toBe(undefined);
  });

  it('of another process that was refused hours apart is told nothing of an hour in all', () => {
    const { cooldown, refusal } = setUp();
    // With a store each refusal counts that came within an hour of the one before.
    cooldown.rememberAccount(5, 0);
    expect(refusal('any')?.message).toContain('refused 5 times, each within an hour of the one before (INVALID_CREDENTIALS)');
  });

  it('pauses as such from the fifth refusal on, whatever the credentials, and each further refusal doubles the pause', () => {
    const { time, cooldown, refusal, isTried } = setUp();
    for (let call = 1; call <= 4; call += 1) cooldown.recordFailure(refused, `wrong${call}`);
    expect(isTried('other')).toBe(true);
    const aftermath = { pause: 30_000, accountPause: 480_000, failures: 0, refusal: { count: 1, until: 30_000 } };
    expect(cooldown.recordFailure(refused, 'wrong5')).toMatchObject(aftermath);
    const error = refusal('other');
    expect(error).toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS', retryAfter: 480_000, retryable: false });
    expect(error?.message).toBe(
      'stub: login not attempted: this account was refused 5 times, each within an hour of the one before (INVALID_CREDENTIALS): correct the credentials, then call forget() or wait 480 s',
    );
    time.now = 480_000;
    expect(isTried('other')).toBe(true);
    cooldown.recordFailure(refused, 'wrong6');
    expect(refusal('other')?.retryAfter).toBe(960_000);
  });

  it('is counted for an hour: a refusal that is as old as that counts no more', () => {
    const { time, cooldown } = setUp();
    expect(cooldown.nextRefusalCount).toBe(1);
    time.now = 2 * hour;
    cooldown.recordFailure(refused, 'one');
    cooldown.recordFailure(refused, 'two');
    expect(cooldown.nextRefusalCount).toBe(3);
    time.now = 3 * hour - 1;
    expect(cooldown.nextRefusalCount).toBe(3);
    time.now = 3 * hour;
    expect(cooldown.nextRefusalCount).toBe(1);
  });

  it('is counted up to twenty refusals: what is remembered of them does not grow', () => {
    const { cooldown } = setUp();
    for (let call = 1; call <= 30; call += 1) {
      cooldown.recordFailure(refused, `wrong${call}`);
      expect(cooldown.nextRefusalCount).toBe(Math.min(call, 20) + 1);
    }
  });

  it('is counted anew after a success', () => {
    const { cooldown, isTried } = setUp();
    for (let call = 0; call < 5; call += 1) cooldown.recordFailure(refused, `wrong${call}`);
    cooldown.clear('right');
    expect(cooldown.nextRefusalCount).toBe(1);
    expect(isTried('right')).toBe(true);
  });

  it('pauses by what the fleet counts, less the time since the last refusal, from the fifth on', () => {
    const { cooldown, refusal, isTried } = setUp();
    cooldown.rememberAccount(4, 0);
    expect(isTried('any')).toBe(true);
    cooldown.rememberAccount(5, 480_000);
    expect(isTried('any')).toBe(true);
    cooldown.rememberAccount(5, 470_000);
    expect(refusal('any')).toMatchObject({ reason: 'INVALID_CREDENTIALS', provider: 'stub', retryAfter: 10_000, retryable: false });
    expect(refusal('any')?.message).toMatch(
      /^stub: login not attempted: this account was refused 5 times, each within an hour of the one before/,
    );
    cooldown.rememberAccount(6, 0);
    expect(refusal('any')?.retryAfter).toBe(960_000);
  });

  it('keeps the longer pause of two: what the fleet knows shortens none', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(asked(10 * minute), '');
    cooldown.rememberAccount(5, 0);
    cooldown.rememberFailure(0, 0, failure({ code: 'BAD_RESPONSE' }));
    expect(refusal('any')).toMatchObject({ reason: 'VENDOR_ERROR', retryAfter: 10 * minute });
  });

  it('keeps the pause that it has where the fleet knows of one that is as long', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(asked(480_000), '');
    cooldown.rememberAccount(5, 0);
    expect(refusal('any')?.reason).toBe('VENDOR_ERROR');
  });
});

describe('a pause that the vendor asked for', () => {
  it('lets a login begin that has more time than is left of it, and no other', () => {
    const { time, cooldown, isTried } = setUp();
    expect(cooldown.recordFailure(asked(10_000), 'right')).toEqual({ pause: 10_000, failures: 0 });
    expect([isTried('right', 10_000), isTried('right', 10_001)]).toEqual([false, true]);
    time.now = 9_000;
    expect(cooldown.pauseLeft()).toBe(1_000);
    expect([isTried('right', 1_000), isTried('right', 1_001)]).toEqual([false, true]);
    time.now = 10_000;
    expect([isTried('right', 0), cooldown.pauseLeft()]).toEqual([true, 0]);
    time.now = 10_001;
    expect(cooldown.pauseLeft()).toBe(0);
  });

  it('makes an error that tells how long it lasts and what the vendor had answered', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(asked(9_001), 'right');
    const error = refusal('right');
    expect(error).toMatchObject({ reason: 'VENDOR_ERROR', vendorStatus: 503, retryAfter: 9_001, retryable: true });
    expect(error?.message).toBe('stub: login not attempted: the vendor asked for a pause, 10 s are left (it had answered HTTP 503)');
  });

  it('makes an error that names no status where there was none', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(failure({ code: 'NETWORK', retryable: true, retryAfter: 1_000 }), 'right');
    expect(refusal('right')?.message).toBe('stub: login not attempted: the vendor asked for a pause, 1 s are left');
  });

  it('lasts an hour at the most', () => {
    const { cooldown } = setUp();
    expect(cooldown.recordFailure(asked(hour - 1), '').pause).toBe(hour - 1);
    expect(cooldown.recordFailure(asked(hour + 1), '').pause).toBe(hour);
  });
});

describe('a login that failed for good', () => {
  it('is followed by a pause that no login waits for, of a second, doubling up to a minute', () => {
    const { time, cooldown, isTried } = setUp();
    for (const [index, pause] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      expect(cooldown.recordFailure(failure({ code: 'VENDOR_ERROR' }), '')).toEqual({ pause: pause * 1_000, failures: index + 1 });
      expect(isTried('any', hour)).toBe(false);
      time.now += pause * 1_000;
      expect(isTried('any', hour)).toBe(true);
    }
    cooldown.clear('any');
    expect(cooldown.recordFailure(failure({ code: 'BAD_RESPONSE' }), '')).toEqual({ pause: 1_000, failures: 1 });
    cooldown.reset();
  });

  it('makes an error that says so', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(failure({ code: 'BAD_RESPONSE' }), '');
    expect(refusal('any')).toMatchObject({ reason: 'BAD_RESPONSE', retryable: true, retryAfter: 1_000 });
    expect(refusal('any')?.message).toBe(
      'stub: login not attempted: the last login failed (BAD_RESPONSE): correct what its error said, then call forget() or wait 1 s',
    );
  });

  it.each([
    { code: 'VENDOR_ERROR', retryable: true },
    { code: 'BAD_RESPONSE', retryable: true },
    { code: 'NETWORK' },
    { code: 'TIMEOUT' },
    { code: 'CONFIG' },
  ] as const)('is none that may pass by itself, nor one that no pause mends: $code', (init) => {
    const { cooldown, isTried } = setUp();
    expect(cooldown.recordFailure(failure(init), '')).toEqual({ pause: 0, failures: 0 });
    expect(isTried('any')).toBe(true);
  });

  it('in another process pauses this one, too, and the next pause grows on from there', () => {
    const { time, cooldown, refusal } = setUp();
    cooldown.rememberFailure(2_000, 2, failure({ code: 'BAD_RESPONSE' }));
    expect(refusal('any', hour)).toMatchObject({ reason: 'BAD_RESPONSE', retryAfter: 2_000, retryable: true });
    expect(refusal('any', hour)?.message).toMatch(/^stub: login not attempted: the last login failed/);
    time.now = 2_000;
    expect(cooldown.recordFailure(failure({ code: 'BAD_RESPONSE' }), '').pause).toBe(4_000);
  });

  it('in another process counts also when its pause is over, and never less than what is known here', () => {
    const { cooldown, isTried } = setUp();
    cooldown.rememberFailure(0, 3, failure({ code: 'BAD_RESPONSE' }));
    cooldown.rememberFailure(0, 1, failure({ code: 'BAD_RESPONSE' }));
    expect(isTried('any')).toBe(true);
    expect(cooldown.recordFailure(failure({ code: 'BAD_RESPONSE' }), '').failures).toBe(4);
  });

  it('in another process changes nothing where the pause here is as long', () => {
    const { cooldown, refusal } = setUp();
    cooldown.recordFailure(asked(2_000), '');
    cooldown.rememberFailure(2_000, 1, failure({ code: 'BAD_RESPONSE' }));
    expect(refusal('any')?.reason).toBe('VENDOR_ERROR');
  });

  it('is not counted where the vendor then asks for a pause', () => {
    const { cooldown } = setUp();
    cooldown.recordFailure(failure({ code: 'BAD_RESPONSE' }), '');
    expect(cooldown.recordFailure(asked(10_000), '')).toEqual({ pause: 10_000, failures: 0 });
  });

  it('in another process after which the vendor asked for a pause is waited for as such', () => {
    const { cooldown, isTried } = setUp();
    cooldown.rememberFailure(2_000, 0, asked(2_000));
    expect([isTried('any', 2_000), isTried('any', 2_001)]).toEqual([false, true]);
  });
});

describe('the longest pause', () => {
  it('is told of the credentials, of the account and of what others know', () => {
    const { cooldown } = setUp();
    expect(cooldown.longest(undefined, 'wrong')).toBeUndefined();
    cooldown.recordFailure(refused, 'wrong');
    expect(cooldown.longest(undefined, undefined)).toBeUndefined();
    expect(cooldown.longest(undefined, 'other')).toBeUndefined();
    expect(cooldown.longest(undefined, 'wrong')).toEqual({ reason: 'INVALID_CREDENTIALS', left: 30_000 });
    cooldown.recordFailure(asked(20_000), 'wrong');
    expect(cooldown.longest(undefined, undefined)).toEqual({ reason: 'VENDOR_ERROR', left: 20_000 });
    expect(cooldown.longest(undefined, 'wrong')).toEqual({ reason: 'INVALID_CREDENTIALS', left: 30_000 });
    expect(cooldown.longest({ reason: 'NETWORK', left: 40_000 }, 'wrong')).toEqual({ reason: 'NETWORK', left: 40_000 });
    expect(cooldown.longest({ reason: 'NETWORK', left: 25_000 }, undefined)).toEqual({ reason: 'NETWORK', left: 25_000 });
    expect(cooldown.longest({ reason: 'NETWORK', left: 25_000 }, 'wrong')).toEqual({ reason: 'INVALID_CREDENTIALS', left: 30_000 });
    cooldown.recordFailure(asked(50_000), 'wrong');
    for (const other of [undefined, { reason: 'NETWORK', left: 40_000 } as const]) {
      expect(cooldown.longest(other, 'wrong')).toEqual({ reason: 'VENDOR_ERROR', left: 50_000 });
    }
  });

  it('is none where every pause is over', () => {
    const { time, cooldown } = setUp();
    cooldown.recordFailure(refused, 'wrong');
    cooldown.recordFailure(asked(20_000), 'wrong');
    time.now = 30_000;
    expect(cooldown.longest({ reason: 'NETWORK', left: 0 }, 'wrong')).toBeUndefined();
  });

  it('is over for what worked', () => {
    const { cooldown } = setUp();
    cooldown.recordFailure(refused, 'wrong');
    cooldown.recordFailure(asked(20_000), 'wrong');
    cooldown.clear('wrong');
    expect(cooldown.longest(undefined, 'wrong')).toBeUndefined();
  });
});
