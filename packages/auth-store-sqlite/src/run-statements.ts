import { AuthError } from '@x/auth-core';

import { pause } from './pause.ts';
import type { Statements } from './schema.ts';
import { isBusy, isDamage, storeError } from './store-error.ts';
import type { TokenDatabase } from './token-database.ts';

const LONGEST_WAIT = 5_000;
const MOST_REPAIRS = 3;

/**
 * Runs statements on the file. While another connection is in the way they are run again from their start, for five seconds at most and
 * without blocking the event loop in between. What was asked of a damaged file is asked of its successor.
 *
 * @throws AuthError `STORE`
 */
export async function runStatements<Result>(database: TokenDatabase, use: (statements: Statements) => Result): Promise<Result> {
  const deadline = performance.now() + LONGEST_WAIT;
  for (let repairs = 0; ;) {
    try {
      return use(database.open());
    } catch (error) {
      if (isDamage(error) && repairs++ < MOST_REPAIRS) {
        database.markDamaged(error);
        continue;
      }
      if (!isBusy(error) || performance.now() > deadline) {
        database.close();
        throw error instanceof AuthError ? error : storeError(`the file ${database.path} cannot be used`, error);
      }
    }
    await pause();
  }
}
