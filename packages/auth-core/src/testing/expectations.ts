import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { assertNoSecrets } from './assert-no-secrets.ts';

/** Asserts that two values are deeply equal, or says in a sentence what was expected. Not for secrets: the message shows both values. */
export function expectEqual(actual: unknown, expected: unknown, sentence: string): void {
  assert.deepEqual(actual, expected, `expected that ${sentence}: ${inspect(expected)}, but got ${inspect(actual)}`);
}

/** Asserts a condition, or says in a sentence what was expected. */
export function expectThat(condition: boolean, sentence: string): asserts condition {
  assert.ok(condition, `expected that ${sentence}`);
}

/** Asserts that a value shows none of the secrets, or says in a sentence what was expected. */
export function expectNoSecrets(value: unknown, secrets: readonly string[], sentence: string): void {
  try {
    assertNoSecrets(value, secrets);
  } catch (error) {
    throw new assert.AssertionError({ message: `expected that ${sentence}: ${error instanceof Error ? error.message : 'a secret shows'}` });
  }
}
