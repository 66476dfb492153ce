import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { assertNoSecrets } from '@x/auth-core/testing';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { readCoverage } from './coverage.ts';
import { logins } from './logins.ts';
import { collectMessages, type Message } from './situation.ts';
import { situations } from './situations.ts';
import { findErrorSites, findSites, holds } from './sites.ts';
import { password } from './stage.ts';

const root = join(import.meta.dirname, '../..');

/** Texts in the sources that nobody meets as a message, and why. */
const notMet: Readonly<Record<string, string>> = {
  'no end': 'a token that is printed',
  'no scheme': 'a token that is printed',
  'AccessToken(…, …, value hidden)': 'a token that is printed',
  'not told': 'a field of an event',
  'already past': 'a field of an event',
  'lease lost': 'a field of an event',
  'return the rejection': 'what becomes of a request, within the core',
  'The token was rejected': 'how a connection ends whose answer is not wanted any more',
  'not bytes': 'for the types: every body of undici is one',
  '; there is no space left': 'a file system that is full',
  'SQLite keeps … = …, not …': 'an SQLite that is built otherwise than that of Node',
  'Application Support': 'a part of a path',
};

/** What a reader can act on: an advice, or what was expected. */
const advice =
  /\b(?:check|set|use|give|ask|try|wait|correct|report|call|write|make|bind|trim|delete|send|compose|expected|must|needs?|needed|did you mean|did the API change|a bug in the provider|the only one is|is missing|is empty|is not known|are not set|cannot be a path segment|is not well-formed|cannot be sent|is not valid|is the same as|ends in a line break|permits it|are left)\b/;

/** Errors that say what happened, where nothing can be done: the caller's own wish, or what fetch and undici say of the same. */
const withoutAdvice = [
  /^\w+: the caller stopped waiting/,
  /^This operation was aborted$/,
  /^Request aborted$/,
  /^Something other than an error was thrown$/,
  /^fetch failed: redirect count exceeded$/,
  /^fetch failed: the redirect leads to/,
  /^The rest of the rejection was dropped/,
  /: the login failed with VENDOR_ERROR; the vendor's own words are left out/,
];

let messages: readonly Message[] = [];
beforeAll(async () => {
  messages = await collectMessages(situations);
});

const isAuthMessage = ({ error }: Message): boolean => error instanceof Error && error.name === 'AuthError';

describe('the list of messages', () => {
  it('has every code of an AuthError', () => {
    const source = readFileSync(join(root, 'packages/auth-core/src/auth-error.ts'), 'utf8');
    const declared = [...(/type AuthErrorCode =([^;]+);/.exec(source)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
    const met = new Set(messages.filter(isAuthMessage).map(({ code }) => code));
    expect([...met].toSorted()).toEqual(declared.toSorted());
  });

  it('has every text of the sources that somebody may read: each came of something that really went wrong', () => {
    const missing = findSites().filter((site) => !(site.text in notMet) && !messages.some(({ text }) => holds(text, site)));
    expect(missing).toEqual([]);
  });

  it('leaves out what is no message, and nothing else', () => {
    const texts = new Set(findSites().map(({ text }) => text));
    expect(Object.keys(notMet).filter((text) => !texts.has(text))).toEqual([]);
    expect(texts.size).toBeGreaterThan(120);
  });

  it('is printed by a command, by code, which runs through every place that makes an error', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'messages-coverage-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const args = ['--conditions=@x/source', 'test/messages/main.ts', 'COOLING_DOWN'];
    const env = { ...process.env, NODE_V8_COVERAGE: directory };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    expect(stdout).toContain(messages.find(({ about }) => about === 'five wrong passwords')?.text ?? 'nothing');
    expect(stdout).toMatch(/^\nCOOLING_DOWN \(6\)\n/);
    const wasRun = readCoverage(directory, root);
    const sites = findErrorSites();
    const missed = sites.filter(
      ({ file, offset, code }) => !wasRun(file, offset) && !Object.keys(notMet).some((text) => code.includes(text)),
    );
    expect(missed).toEqual([]);
    expect(sites.length).toBeGreaterThan(25);
  });
});

describe('a message', () => {
  it('shows no password and no token, and neither does its error', () => {
    for (const { error, text } of messages) {
      assertNoSecrets(error, [password, 'token-of-nobody']);
      expect(text).not.toContain(password);
    }
  });

  it('says what to do, or what was expected', () => {
    const read = messages.filter(({ code }) => !code.startsWith('event '));
    const silent = read.filter(({ text }) => !advice.test(text) && !withoutAdvice.some((known) => known.test(text)));
    expect(silent.map(({ about, text }) => `${about}: ${text}`)).toEqual([]);
  });

  it('of an AuthError begins with who says it, and is no longer than a reader can take in', () => {
    for (const { text } of messages.filter(isAuthMessage)) {
      expect(text).toMatch(/^[\w@/ -]+: ./);
      expect(text.length).toBeLessThan(420);
    }
  });

  it('of a login that the vendor answered, or did not, names the method and the URL, without a query', async () => {
    const ofLogins = (await collectMessages(logins)).filter(({ text }) => !text.includes('(a bug in the provider?)'));
    expect(ofLogins.length).toBeGreaterThan(30);
    for (const { text } of ofLogins) expect(text).toMatch(/: POST https?:\/\/[^\s?]+ |no answer from https?:\/\//);
  });
});
