/** A timer that waits for its time. */
export interface ManualTimer {
  readonly due: number;
  readonly callback: () => void;
  keepsAlive: boolean;
}

/** Stand-ins for `setTimeout` and `clearTimeout` that fire when they are told to. */
export class ManualTimers {
  readonly #now: () => number;
  readonly #timers = new Set<ManualTimer>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get pending(): number {
    return this.#timers.size;
  }

  get keepingAlive(): number {
    return [...this.#timers].filter((timer) => timer.keepsAlive).length;
  }

  /** The timer that is due next, not after `until`; of two at once the older one. */
  nextDue(until: number): ManualTimer | undefined {
    let next: ManualTimer | undefined;
    for (const timer of this.#timers) if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  }

  fire(timer: ManualTimer): void {
    if (this.#timers.delete(timer)) timer.callback();
  }

  /** Puts the stand-ins in place; returns what gives the real ones back. */
  takeOver(): () => void {
    const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
    const stand = {
      setTimeout: (callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => this.#set(() => callback(...args), delay),
      clearTimeout: (timer: unknown) => {
        this.#timers.delete(timer as ManualTimer); // what is none of ours is not in the set
      },
    };
    Object.assign(globalThis, stand);
    return () => void Object.assign(globalThis, real);
  }

  #set(callback: () => void, delay: number): ManualTimer & { ref(): unknown; unref(): unknown } {
    const keep = (keepsAlive: boolean) => (): unknown => Object.assign(timer, { keepsAlive });
    const timer = { due: this.#now() + Math.max(0, delay), callback, keepsAlive: true, ref: keep(true), unref: keep(false) };
    this.#timers.add(timer);
    return timer;
  }
}
