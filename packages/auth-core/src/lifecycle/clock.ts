import { parseHttpDate } from '../http-date.ts';

/** Where time comes from. Both are milliseconds. */
export interface Clock {
  /** The wall clock, epoch milliseconds; it may be wrong and may be stepped. */
  now(): number;
  /** A clock that only goes forward, from any start; it may stand still while the machine sleeps. */
  monotonic(): number;
}

/** The machine's own clocks. Looked up at each call, so that fake timers are seen. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A `Date` header is cut to the second, and a slow answer adds its own delay: a difference up to this says nothing about our clock. */
const tolerance = 5_000;

/** Clocks are wrong by seconds, minutes or a time zone. What is further off is a date from somewhere else. */
const longestOffset = 86_400_000;

/**
 * The vendor's time, as well as it is known here.
 *
 * It is the later of two readings. The wall clock, corrected by what the vendor's `Date` header showed: it goes on while the machine sleeps. And the
 * monotonic clock, counted from the last time both were compared: it does not go back when the wall clock is set back. So no step of the wall clock
 * makes an ended token count as valid, and a wrong step forward costs one login, whose answer corrects the time again.
 */
export class VendorClock {
  readonly #clock: Clock;
  #offset = 0;
  #baseTime: number;
  #baseMonotonic: number;
  /** Whether the vendor ever told its time. */
  synchronised = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#baseTime = clock.now();
    this.#baseMonotonic = clock.monotonic();
  }

  /** Epoch milliseconds on the vendor's clock. Never goes back but by a correction from the vendor itself. */
  now(): number {
    const byWall = this.#clock.now() + this.#offset;
    const byMonotonic = this.#baseTime + (this.#clock.monotonic() - this.#baseMonotonic);
    return byWall > byMonotonic ? byWall : byMonotonic;
  }

  /** The local wall clock's reading at an instant of the vendor's. */
  toLocal(instant: number): number {
    return instant - this.#offset;
  }

  /** Corrects the time by a `Date` header; `elapsed` is how long the exchange took, in milliseconds. What cannot be read is ignored. */
  report(date: string | undefined, elapsed: number): void {
    const received = this.#clock.now();
    const told = date === undefined ? undefined : parseHttpDate(date, received);
    if (told === undefined || Math.abs(told - received) > longestOffset) return;
    const least = told - received;
    const most = told + 1_000 - (received - elapsed);
    const plausible = least <= tolerance && most >= -tolerance;
    this.#set(plausible ? 0 : Math.round((least + most) / 2), received);
    this.synchronised = true;
  }

  /** Somebody who shares our store knows that it is at least this late (vendor's time). The vendor's own word counts more. */
  reportAtLeast(instant: number): void {
    if (!this.synchronised && instant - this.now() > tolerance) this.#set(instant - this.#clock.now(), this.#clock.now());
  }

  #set(offset: number, wall: number): void {
    this.#offset = offset;
    this.#baseTime = wall + offset;
    this.#baseMonotonic = this.#clock.monotonic();
  }
}
