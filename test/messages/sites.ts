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

/** Every text of at least two words in the sources of the packages. */
export function findSites(): Site[] {
  const files = globSync('packages/*/src/**/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !otherTexts.test(path));
  return files.toSorted().flatMap(sitesIn);
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
