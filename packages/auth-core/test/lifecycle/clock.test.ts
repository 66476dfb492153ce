import { describe, expect, it } from 'vitest';

import { systemClock, VendorClock } from '../../src/lifecycle/clock.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A whole second: a `Date` header has no more. */
const start = Date.UTC(2026, 10, 25, 12);
const date = (instant: number): string => new Date(instant).toUTCString();

function setUp() {
  const time = { wall: start, monotonic: 500 };
  const clock = new VendorClock({ now: () => time.wall, monotonic: () => time.monotonic });
  const pass = (duration: number): void => {
    time.wall += duration;
    time.monotonic += duration;
  };
  return { time, clock, pass };
}

it('the machine’s own clocks tell epoch milliseconds, and milliseconds that only grow', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  const first = systemClock.monotonic();
  expect(first).toBeGreaterThan(0);
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first);
  expect(first).toBeLessThan(start);
});

describe('the vendor’s time', () => {
  it('is the local clock’s as long as the vendor did not tell it', () => {
    const { clock, pass } = setUp();
    expect([clock.now(), clock.synchronised]).toEqual([start, false]);
    pass(1_234.5);
    expect(clock.now()).toBe(start + 1_234.5);
    expect(clock.toLocal(start)).toBe(start);
  });

  it('goes on while the machine sleeps, and while its wall clock is set back', () => {
    const { time, clock } = setUp();
    time.wall += hour;
    expect(clock.now()).toBe(start + hour);
    time.wall = start - day;
    time.monotonic += 2 * hour;
    expect(clock.now()).toBe(start + 2 * hour);
  });

  it.each([-hour, hour])('is corrected where the vendor’s Date header is off by %i ms', (error) => {
    const { clock, pass } = setUp();
    clock.report(date(start + error), 0);
    // The header was cut to the second: its middle is believed.
    expect(clock.now()).toBe(start + error + 500);
    expect(clock.toLocal(start + error + 500)).toBe(start);
    expect(clock.synchronised).toBe(true);
    pass(hour);
    expect(clock.now()).toBe(start + error + 500 + hour);
  });

  it('is the middle of what the header and the time of the exchange allow', () => {
    const { clock } = setUp();
    clock.report(date(start - hour), 3_000);
    expect(clock.now()).toBe(start - hour + 2_000);
  });

  it('is whole milliseconds away from the local clock, however long the exchange took', () => {
    const { clock } = setUp();
    clock.report(date(start - hour), 20.3);
    expect(clock.now()).toBe(start - hour + 510);
  });

  it.each([
    { off: 5_000, elapsed: 0, corrected: 0 },
    { off: 6_000, elapsed: 0, corrected: 6_500 },
    { off: -6_000, elapsed: 0, corrected: 0 },
    { off: -7_000, elapsed: 0, corrected: -6_500 },
    { off: -16_000, elapsed: 10_000, corrected: 0 },
    { off: -17_000, elapsed: 10_000, corrected: -11_500 },
    { off: 6_000, elapsed: 10_000, corrected: 11_500 },
  ])(
    'is not corrected for a header that a clock within 5 s may have made: $off ms off after $elapsed ms',
    ({ off, elapsed, corrected }) => {
      const { clock } = setUp();
      clock.report(date(start + off), elapsed);
      expect(clock.now()).toBe(start + corrected);
      expect(clock.synchronised).toBe(true);
    },
  );

  it('is the local clock’s again when a later header agrees with that', () => {
    const { time, clock } = setUp();
    clock.report(date(start + hour), 0);
    time.wall += hour;
    time.monotonic += 10;
    clock.report(date(start + hour), 0);
    expect([clock.now(), clock.toLocal(start)]).toEqual([start + hour, start]);
  });

  it.each([
    { off: day, believed: true },
    { off: day + 1_000, believed: false },
    { off: -day, believed: true },
    { off: -day - 1_000, believed: false },
  ])('is not taken from a header that is off by more than a day: $off ms', ({ off, believed }) => {
    const { clock } = setUp();
    clock.report(date(start + off), 0);
    expect(clock.synchronised).toBe(believed);
    expect(clock.now()).toBe(believed ? start + off + 500 : start);
  });

  it.each([undefined, '', 'yesterday', '2026-11-25T12:00:00Z'])('is not taken from what is no HTTP-date: %j', (text) => {
    const { clock } = setUp();
    clock.report(text, 0);
    expect([clock.now(), clock.synchronised]).toEqual([start, false]);
  });

  it('is at least what somebody else knows, where that is more than 5 s later and the vendor did not tell it', () => {
    const { clock, pass } = setUp();
    clock.reportAtLeast(start + 5_000);
    expect(clock.now()).toBe(start);
    clock.reportAtLeast(start + 5_001);
    expect([clock.now(), clock.toLocal(start + 5_001), clock.synchronised]).toEqual([start + 5_001, start, false]);
    clock.reportAtLeast(start - hour);
    pass(100);
    expect(clock.now()).toBe(start + 5_101);
  });

  it('is the vendor’s own word, whatever somebody else knows', () => {
    const { clock } = setUp();
    clock.report(date(start), 0);
    clock.reportAtLeast(start + hour);
    expect(clock.now()).toBe(start);
  });
});
