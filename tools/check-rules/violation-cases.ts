import { expect, it } from 'vitest';

import { goodFiles, writeRepository } from './good-repository.ts';
import { findStaticViolations } from './rules.ts';
import { printViolation, type Violation } from './violation.ts';
import { readWorkspace } from './workspace.ts';

type Changes = Readonly<Record<string, string | null>>;

/** A way to break a rule: what it is, the changes to the good repository, where the violation stands and what it says. */
export type Case = readonly [what: string, changes: () => Changes, place: string, message: RegExp];

/** What is found after changing a few files of the good repository; null takes a file away. */
export async function check(
  changes: Changes,
  find: (root: string) => readonly Violation[] | Promise<readonly Violation[]>,
): Promise<string[]> {
  const files = Object.entries({ ...goodFiles, ...changes }).filter((one): one is [string, string] => one[1] !== null);
  using repository = writeRepository(Object.fromEntries(files));
  return (await find(repository.root)).map((violation) => printViolation(violation));
}

/** All rules but the ones for workflows, whose linter takes its time. */
export const statically = (root: string): readonly Violation[] => findStaticViolations(readWorkspace(root));

export const core = (path: string): string => `packages/auth-core/src/${path}`;
export const acme = (path: string): string => `packages/acme-auth/src/${path}`;
export const store = 'packages/auth-store-file/src/file-store.ts';

/** The file of the good repository with a line added at its end. */
export const plus = (path: string, line: string): Record<string, string> => ({ [path]: `${goodFiles[path] ?? ''}\n${line}\n` });

/** The file of the good repository with one part replaced. */
export function instead(path: string, from: string, to: string): Record<string, string> {
  expect(goodFiles[path]).toContain(from);
  return { [path]: (goodFiles[path] ?? '').replace(from, to) };
}

/** A test for each case: the violation is told by file, line and reason. */
export function testCases(
  cases: readonly Case[],
  find: (root: string) => readonly Violation[] | Promise<readonly Violation[]> = statically,
): void {
  it.each<Case>(cases)('tell %s by file, line and reason', async (_, changes, place, message) => {
    const found = await check(changes(), find);
    const told = found.filter((line) => line.startsWith(`${place} `) && message.test(line));
    expect({ told: told.length, found }).toMatchObject({ told: 1 });
  });
}
