/** Who waits for a login, and its timers: they keep the process alive only while somebody waits. */
export class WaitingRoom {
  #callers = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #sleepers = new Set<() => void>();
  /** Whether what was waited for is given up: nobody must be let in any more. */
  abandoned = false;

  /** Whether a caller waits. */
  get occupied(): boolean {
    return this.#callers > 0;
  }

  enter(): void {
    this.#callers += 1;
    if (this.#callers === 1) for (const timer of this.#timers) timer.ref();
  }

  leave(): void {
    this.#callers -= 1;
    if (this.#callers > 0) return;
    for (const timer of this.#timers) timer.unref();
    // A caller may be followed by the next one at once: who gives up a request to make it anew.
    setImmediate(() => this.#wakeUnlessOccupied());
  }

  /** Calls back once, after so many milliseconds. Returns what calls it off. */
  setTimer(delay: number, callback: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delay);
    this.#timers.add(timer);
    if (!this.occupied) timer.unref();
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /**
   * Waits so many milliseconds, or until nobody waits any more: what is held meanwhile must be given back while the process lives. In that case
   * the room is `abandoned`.
   */
  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.setTimer(delay, () => wake());
      const wake = (): void => {
        callOff();
        this.#sleepers.delete(wake);
        resolve();
      };
      this.#sleepers.add(wake);
      if (!this.occupied) this.#wakeUnlessOccupied();
    });
  }

  #wakeUnlessOccupied(): void {
    if (this.occupied || this.#sleepers.size === 0) return;
    this.abandoned = true;
    for (const wake of this.#sleepers) wake();
  }

  /** The result of some work, or `late()` where it takes longer. The work itself is not stopped; a failure that comes too late is dropped. */
  within<T, L>(delay: number, work: Promise<T>, late: () => L): Promise<T | L> {
    return new Promise((resolve, reject) => {
      const callOff = this.setTimer(delay, () => {
        try {
          resolve(late());
        } catch (error) {
          reject(error);
        }
      });
      work.then(resolve, reject).finally(callOff);
    });
  }
}
