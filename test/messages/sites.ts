import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseSync, Visitor } from 'oxc-parser';

/** A text in the sources that people may read. */
export interface Site {
  /** File and line. */
  readonly place: string;
  /** The text; `…` stands for what is put in. */
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');

/** No messages: what a sandbox of a vendor answers, what contract suites call their tests, tables, scripts of Redis and statements of SQLite. */
const otherTexts = /\/(?:sandbox[\w-]*|testing\/.*|unescape|redis-layout|http-date)\.ts$/;
const statements = /^\s*(?:SELECT|INSERT|DELETE FROM|UPDATE|CREATE|PRAGMA|BEGIN|\(?expires_at|lease\.)/;

function sources(): string[] {
  const all = globSync('packages/*/src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  // What the shell command says has transcripts of its own, in four languages: docs/command-line.md.
  const files = all.filter((path) => !path.startsWith('packages/auth-cli/') && !/\/(?:cli|shell-\w+)\.ts$/.test(path));
  return files.filter((path) => !otherTexts.test(path)).toSorted();
}

/** Every text of at least two words in the sources of the packages. */
export function findSites(): Site[] {
  return sources().flatMap(sitesIn);
}

/** A place in the sources that makes an error. */
export interface ErrorSite {
  readonly file: string;
  readonly offset: number;
  /** The code, up to the end of its line. */
  readonly code: string;
}

const makers = ['AuthError', 'TypeError', 'RangeError', 'DOMException', 'errorInOwnWords', 'vendorError'];

/** Every place in the sources of the packages that makes an error for somebody else to read. */
export function findErrorSites(): ErrorSite[] {
  return sources().flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    const found: ErrorSite[] = [];
    const take = ({ start, callee }: { start: number; callee: object }): void => {
      const isMaker = 'name' in callee && makers.includes(String(callee.name));
      if (isMaker) found.push({ file, offset: start, code: /.*/.exec(source.slice(start))?.[0] ?? '' });
    };
    new Visitor({ NewExpression: take, CallExpression: take }).visit(parseSync(file, source).program);
    return found;
  });
}

function sitesIn(path: string): Site[] {
  const source = readFileSync(join(root, path), 'utf8');
  const sites: Site[] = [];
  const take = (start: number, text: string): void => {
    if (!/[a-z)…] \S|\S [a-z(…]/i.test(text) || statements.test(text)) return;
    sites.push({ place: `${path}:${source.slice(0, start).split('\n').length}`, text });
  };
  const visitor = new Visitor({
    Literal: ({ start, value }) => void (typeof value === 'string' && take(start, value)),
    TemplateLiteral: ({ start, quasis }) => take(start, quasis.map(({ value }) => value.cooked ?? '').join('…')),
  });
  visitor.visit(parseSync(path, source).program);
  return sites;
}

/** Whether a message holds the text of a site, with anything where something is put in. */
export function holds(message: string, { text }: Site): boolean {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('[^]*'), 'u').test(message);
}
