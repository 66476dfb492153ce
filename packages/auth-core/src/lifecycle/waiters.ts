/** Who waits for a login, and the login's timers: they keep the process alive only while somebody waits. */
export class Waiters {
  /** The id of what they wait for. */
  readonly login: string;
  /** What no text of somebody else's may show: the password, and the tokens of now and before. */
  readonly secrets: () => readonly string[];
  #count = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #sleepers = new Set<() => void>();
  /** Whether all of them left during a pause: the login is canceled, and nobody may join it any more. */
  allLeft = false;

  constructor(login: string, secrets: () => readonly string[]) {
    this.login = login;
    this.secrets = secrets;
  }

  /** Whether a caller waits. */
  get any(): boolean {
    return this.#count > 0;
  }

  join(): void {
    this.#count += 1;
    if (this.#count === 1) for (const timer of this.#timers) timer.ref();
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const timer of this.#timers) timer.unref();
    // A caller may be followed by the next one at once: an application that aborts a request to make it anew.
    setImmediate(() => this.#wakeIfNobodyWaits());
  }

  /** Calls back once, after so many milliseconds. Returns what cancels it. */
  setTimer(delay: number, callback: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delay);
    this.#timers.add(timer);
    if (!this.any) timer.unref();
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /**
   * Waits so many milliseconds, or until nobody waits any more: a lease that is held meanwhile must be given back while the process lives. In that
   * case `allLeft` is set.
   */
  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.setTimer(delay, () => wake());
      const wake = (): void => {
        cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      this.#sleepers.add(wake);
      if (!this.any) this.#wakeIfNobodyWaits();
    });
  }

  #wakeIfNobodyWaits(): void {
    if (this.any || this.#sleepers.size === 0) return;
    this.allLeft = true;
    for (const wake of this.#sleepers) wake();
  }

  /** The result of some work, or `late()` where it takes longer. The work itself is not stopped; a failure that comes too late is dropped. */
  within<T, L>(delay: number, work: Promise<T>, late: () => L): Promise<T | L> {
    return new Promise((resolve, reject) => {
      const cancel = this.setTimer(delay, () => {
        try {
          resolve(late());
        } catch (error) {
          reject(error);
        }
      });
      work.then(resolve, reject).finally(cancel);
    });
  }
}
