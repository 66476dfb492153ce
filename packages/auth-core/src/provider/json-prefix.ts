import { type JsonPrimitive, parsePrimitive, readPrimitive } from './json-primitive.ts';
import { ABSENT, CUT, isContainer, skipSpace, skipString, skipValue } from './json-scan.ts';

/**
 * Finds the primitive at `path` (`['header', 'result_code']`) in a JSON document of which perhaps only the beginning is known, without parsing
 * the rest: what `isRejection` of a provider needs.
 *
 * The answer is the same for every longer beginning of the same document: of duplicate keys the first one counts, and what stands
 * behind the answer is not looked at. `'absent'`: it is not there, or an object or an array is, or this is no JSON. `'need-more'`: only for
 * a document that is not `complete`. What stands in front of the answer is walked over, not validated. Never throws.
 */
export function readJsonPrefix(
  body: string,
  path: readonly string[],
  complete: boolean,
): { readonly found: JsonPrimitive } | 'absent' | 'need-more' {
  if (complete && cannotContain(body, path.at(-1) ?? '')) return 'absent';
  const at = findValue(body, path);
  if (at === CUT) return complete ? 'absent' : 'need-more';
  if (at === ABSENT || isContainer(body.charCodeAt(at))) return 'absent';
  const end = skipValue(body, at);
  if (end === CUT) return complete ? 'absent' : 'need-more';
  return end === ABSENT ? 'absent' : readPrimitive(body, at, end);
}

/** The cheap way out for whole documents. A `\u` may spell any key; a key that JSON escapes may be spelled in several ways. */
function cannotContain(body: string, key: string): boolean {
  return !body.includes(`"${key}"`) && !body.includes('\\u') && !key.includes('/') && JSON.stringify(key) === `"${key}"`;
}

function findValue(text: string, path: readonly string[]): number {
  if (path.length === 0) return ABSENT;
  let at = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (const key of path) {
    if (at >= text.length) return CUT;
    if (text.charCodeAt(at) !== 0x7b) return ABSENT;
    at = findMember(text, at, key);
    if (at < 0) return at;
  }
  return at < text.length ? at : CUT;
}

/** Where the value of `key` begins in the object that begins at `open`. */
function findMember(text: string, open: number, key: string): number {
  let at = skipSpace(text, open + 1);
  if (text[at] === '}') return ABSENT;
  for (;;) {
    if (at >= text.length) return CUT;
    if (text.charCodeAt(at) !== 0x22) return ABSENT;
    const nameEnd = skipString(text, at);
    if (nameEnd === CUT) return CUT;
    const colon = skipSpace(text, nameEnd);
    if (colon >= text.length) return CUT;
    if (text.charCodeAt(colon) !== 0x3a) return ABSENT;
    const value = skipSpace(text, colon + 1);
    if (isName(text, at + 1, nameEnd - 1, key)) return value;
    at = nextMember(text, value);
    if (at < 0) return at;
  }
}

/** Where the name after the value at `value` begins. */
function nextMember(text: string, value: number): number {
  const end = skipValue(text, value);
  if (end < 0) return end;
  const comma = skipSpace(text, end);
  if (comma >= text.length) return CUT;
  return text[comma] === ',' ? skipSpace(text, comma + 1) : ABSENT;
}

/** Most names are as long as they look; only one with an escape has to be cut out and parsed. */
function isName(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length && text.startsWith(key, start)) return !key.includes('\\');
  const raw = text.slice(start, end);
  if (!raw.includes('\\')) return false;
  const name = parsePrimitive(`"${raw}"`);
  return name !== 'absent' && name.found === key;
}
