/** Who waits for a login, and its timers: they keep the process alive only while somebody waits. */
export class WaitingRoom {
  #callers = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #sleepers = new Set<() => void>();

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
    for (const wake of this.#sleepers) wake();
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

  /** Waits so many milliseconds, or until nobody waits any more: what is held meanwhile must be given back while the process lives. */
  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.setTimer(delay, () => wake());
      const wake = (): void => {
        callOff();
        this.#sleepers.delete(wake);
        resolve();
      };
      this.#sleepers.add(wake);
      if (!this.occupied) wake();
    });
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
