import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What belongs to the whole process, and to no provider. It stands here alone, because state at module level is otherwise not allowed.
 */

/** Runs something outside of every request: what is made within keeps no caller's async context alive, and reports itself inside of none. */
export const runInRootContext: <Result>(run: () => Result) => Result = AsyncLocalStorage.snapshot();

/** The last piece of work that waits for its turn. */
let lastInLine: Promise<unknown> = Promise.resolve();

/** Runs one piece of work after the other. Key derivations fill Node's thread pool otherwise, and a name look-up then waits behind them. */
export function oneAtATime<Result>(run: () => Promise<Result>): Promise<Result> {
  const turn = lastInLine.then(run);
  lastInLine = turn.catch(() => undefined);
  return turn;
}
