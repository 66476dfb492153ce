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
 * Checks the options of a provider with its schema. What the schema does not know is left alone, unless it is a known name misspelt: a `baseURL`
 * that went unheard would send the password elsewhere.
 *
 * @throws AuthError `CONFIG` that names every wrong field and what was expected of it, and quotes no value.
 */
export function parseOptions<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  provider: string,
): v.InferOutput<Schema> {
  const result = check(schema, input);
  if (typeof input !== 'object' || input === null) throw wrongOptions(provider, 'expected an object');
  const misspelt = describeMisspelt(schema, input);
  if (result.success && misspelt === '') return result.output;
  const problems = [misspelt, describeIssues(result.issues ?? [])].filter((problem) => problem !== '');
  throw wrongOptions(provider, problems.join('; '));
}

function wrongOptions(provider: string, problems: string): AuthError {
  return new AuthError({ code: 'CONFIG', provider, message: `${provider}: wrong options: ${problems}` });
}

function describeMisspelt(schema: v.GenericSchema & { readonly entries?: object }, input: object): string {
  if (schema.entries === undefined) return '';
  return findMisspelt(input, Object.keys(schema.entries))
    .map(([given, meant]) => `${given}: is not known, did you mean ${meant}?`)
    .join('; ');
}

/** A name that somebody gave, and the one that it was probably meant to be. */
export type Misspelling = readonly [given: string, meant: string];

/**
 * Names in an object that are not known, and that are a known one but for upper and lower case, `_` and `-`. Where the known one can be read, too
 * (inherited, or in an environment that ignores case), nothing is amiss: what else is in there is nobody's business.
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
