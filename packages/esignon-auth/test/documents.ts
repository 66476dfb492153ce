import { readFileSync } from 'node:fs';

/** A passage of the vendor's documents, word for word. */
export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

/** The rows of a document's table of results: the code and what it says. */
export function documentedResults(language: 'ko' | 'ja'): [code: string, message: string][] {
  const rows = fixture(`login-results.${language}.txt`).matchAll(/^\| (\d\d) +\| [^|]+\| (.+?) +\|$/gm);
  return [...rows].map(([, code = '', message = '']) => [code, message]);
}
