import * as v from 'valibot';

import { AuthError } from './auth-error.ts';

/** A language that nobody else has, so that no message that the application has given to valibot for its own schemas comes in. */
const language = '@x/auth-core';

/** Every issue is wanted, each in the words of the schema's author or in ours. */
const config: v.Config<v.BaseIssue<unknown>> = { lang: language, message: expectation, abortEarly: false, abortPipeEarly: false };

/** Checks an input with a schema, in such a way that {@link describeIssues} can repeat the messages of the schema's author. */
export function check<const Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.SafeParseResult<Schema> {
  return v.safeParse(schema, input, config);
}

/**
 * What is wrong with an input, field by field: its path and what was expected. Never the value: valibot's own messages quote it, and those
 * that an application sets for all schemas may, so only a message that the schema's author wrote is repeated, and only after {@link check}.
 */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${pathOf(issue)}${issue.lang === language ? issue.message : expectation(issue)}`).join('; ');
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? '' : `${path}: `;
}

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === null) return 'is not valid';
  if (issue.received !== 'undefined') return `expected ${issue.expected}`;
  // Of a key that is not there valibot expects its own name.
  return issue.expected.startsWith('"') ? 'is missing' : `is missing (expected ${issue.expected})`;
}

/**
 * Checks options with their schema. A name that the schema does not know is an error, since an ignored `url` would send the password elsewhere; one whose
 * value is undefined counts as not given.
 *
 * @throws AuthError `CONFIG` that names every wrong field and what was expected of it, and quotes no value.
 */
export function parseOptions<const Schema extends v.GenericSchema & { readonly entries: object }>(
  schema: Schema,
  input: unknown,
  whose: string,
): v.InferOutput<Schema> {
  const wrong = (problems: string): AuthError =>
    new AuthError({ code: 'CONFIG', provider: whose, message: `${whose}: wrong options: ${problems}` });
  if (typeof input !== 'object' || input === null) throw wrong('expected an object');
  const result = check(schema, input);
  const unknown = describeUnknown(input, Object.keys(schema.entries));
  if (result.success && unknown.length === 0) return result.output;
  throw wrong([...unknown, ...(result.issues === undefined ? [] : [describeIssues(result.issues)])].join('; '));
}

function describeUnknown(input: object, known: readonly string[]): string[] {
  const given = Object.entries(input).filter(([name, value]) => value !== undefined && !known.includes(name));
  return given.map(([name]) => `${name}: is not known${suggest(name, known)}`);
}

/** The known name that was probably meant: the same but for its spelling, or one of which the other is a part, as in `timeoutMs`. */
function suggest(name: string, known: readonly string[]): string {
  const given = plain(name);
  const isPart = (other: string): boolean => other.length > 2 && given.length > 2 && (other.includes(given) || given.includes(other));
  const meant = known.find((other) => plain(other) === given) ?? known.find((other) => isPart(plain(other)));
  return meant === undefined ? '' : `, did you mean ${meant}?`;
}

/** A name that somebody gave, and the one that it was probably meant to be. */
export type Misspelling = readonly [given: string, meant: string];

/**
 * Names in an environment that are a known one but for upper and lower case, `_` and `-`. Where the known one can be read, too (the environment ignores
 * case), nothing is wrong: what else is in there concerns others.
 */
export function findMisspelt(given: object, known: readonly string[]): Misspelling[] {
  const missing = new Map(known.filter((name) => !(name in given)).map((name) => [plain(name), name]));
  return Object.keys(given).flatMap((name): Misspelling[] => {
    const meant = known.includes(name) ? undefined : missing.get(plain(name));
    return meant === undefined ? [] : [[name, meant]];
  });
}

function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}
