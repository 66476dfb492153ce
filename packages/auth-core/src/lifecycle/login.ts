import { AsyncLocalStorage } from 'node:async_hooks';
import { getMaxListeners, setMaxListeners } from 'node:events';

import type { AccessToken } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { LoginCause } from '../events.ts';
import { runInRootContext } from './process-wide.ts';
import type { CurrentToken, VendorToken } from './token.ts';
import { Waiters } from './waiters.ts';

/** A caller with a signal. */
interface Follower<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** Stops listening to the signal. */
  readonly stop: () => void;
}

/** One login under way, shared by all who wait for it; or other work that needs the password and the store, with another result. */
export class Login<Result = AccessToken> {
  readonly cause: LoginCause;
  /** What its events are told apart by. */
  readonly id: string = nodeCrypto.randomUUID().slice(0, 8);
  readonly waiters = new Waiters(this.id, () => this.secrets());
  /** The token in use, for as long as it is: a token from the store has to outlast it to take its place. */
  replaces: CurrentToken | undefined;
  /** Whether all was forgotten meanwhile: nobody joins it any more, and its token is theirs alone who wait for it. */
  isForgotten = false;
  /** A token from the store whose assumed end is past: what is left where the login fails. */
  fallback: VendorToken | undefined;
  /** The password, once the protocol was asked for it; undefined where it has none. */
  secret: string | undefined;
  /** Tokens that a vendor or a store may repeat in what it says: the one in use, those that were rejected of late, and what the login found or brought. */
  readonly #tokens: string[];
  /** How many milliseconds of `timeout` asking for the password took. */
  secretTime = 0;
  readonly promise: Promise<Result>;
  readonly #scope = new AsyncLocalStorage<{ open: boolean }>();
  /** Those who may leave: an abort takes them out, and nothing of theirs is kept. */
  readonly #followers = new Set<Follower<Result>>();

  /**
   * Starts the work at once. Its failure reaches those who wait and nobody else: it is never unhandled. The scope lives no longer than the login, so
   * nothing is tracked while none is under way. It runs outside of the caller's async context: what it leaves behind must not keep a request alive.
   */
  constructor(
    cause: LoginCause,
    replaces: CurrentToken | undefined,
    work: (login: Login<Result>) => Promise<Result>,
    rejected: readonly string[] = [],
  ) {
    this.cause = cause;
    this.#tokens = [...rejected, ...secretsOf(replaces?.token)];
    this.replaces = replaces;
    this.promise = runInRootContext(() => this.#run(work));
    this.promise.catch(() => undefined);
  }

  /** Waits for the token, or until the caller's signal fires, which frees this caller alone. */
  join(signal: AbortSignal | undefined, provider: string): Promise<Result> {
    this.waiters.join();
    if (signal === undefined) return this.promise;
    allowListeners(signal);
    return new Promise((resolve, reject) => {
      const follower: Follower<Result> = {
        resolve,
        reject,
        stop: () => signal.removeEventListener('abort', leave),
      };
      const leave = (): void => {
        this.#followers.delete(follower);
        follower.stop();
        this.waiters.leave();
        reject(aborted(signal, provider));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#followers.add(follower);
    });
  }

  async #run(work: (login: Login<Result>) => Promise<Result>): Promise<Result> {
    try {
      const result = await work(this);
      for (const { resolve } of this.#dismiss()) resolve(result);
      return result;
    } catch (error) {
      for (const { reject } of this.#dismiss()) reject(error);
      throw error;
    } finally {
      this.#scope.disable();
    }
  }

  #dismiss(): Follower<Result>[] {
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const { stop } of followers) stop();
    return followers;
  }

  /** What no error may show. */
  secrets(): readonly string[] {
    return [...this.#tokens, this.secret ?? ''];
  }

  /** From now on no error may show this token, either. */
  learn(token: VendorToken): void {
    this.#tokens.push(...secretsOf(token));
  }

  /** Whether the calling code runs inside of this login. */
  isInside(): boolean {
    return this.#scope.getStore()?.open === true;
  }

  /** Runs the protocol's code so that its requests are known as the login's own, until it has settled. */
  inside<T>(run: () => Promise<T>): Promise<T> {
    // Connections that were made inside carry the scope on; once the protocol's code is through, it means nothing any more.
    const visit = { open: true };
    return this.#scope.run(visit, run).finally(() => (visit.open = false));
  }

  /** Runs within that what is known as a login's by other means. */
  outside<T>(run: () => T): T {
    return this.#scope.run({ open: false }, run);
  }
}

function secretsOf(
  token: { readonly value: string; readonly extra?: Readonly<Record<string, string>> | undefined } | undefined,
): readonly string[] {
  return token === undefined ? [] : [token.value, ...Object.values(token.extra ?? {})];
}

/** Many callers may share one signal; Node 20 warns of the eleventh. Zero is no limit. */
function allowListeners(signal: AbortSignal): void {
  try {
    if (getMaxListeners(signal) > 0) setMaxListeners(0, signal);
  } catch {
    // It is no signal of Node's own.
  }
}

/** @returns AuthError `ABORTED`, the signal's reason as its cause. */
export function aborted(signal: AbortSignal, provider: string): AuthError {
  const message = `${provider}: the caller stopped waiting for the token (its signal fired)`;
  return new AuthError({ code: 'ABORTED', provider, message, cause: signal.reason });
}
