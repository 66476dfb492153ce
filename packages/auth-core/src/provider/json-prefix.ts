/** A JSON value that is neither an object nor an array. */
type JsonPrimitive = string | number | boolean | null;

// In place of a position in the text: the value is not there, or the text ends before it.
const ABSENT = -1;
const CUT = -2;

/**
 * Finds the primitive value at `path` (`['header', 'result_code']`) in a JSON document, or in the beginning of one, without parsing all of it: for
 * `isRejection` of a provider.
 *
 * Returns `{ found }`; `'absent'` if there is no value at the path, or an object or an array, or if the text is not JSON; `'need-more'` if the text ends
 * before the value (never if it is `complete`). A result other than `'need-more'` does not change when more of the same document is known: of duplicate
 * keys the first one counts. What stands before the value is skipped without being validated, what stands after it is not read. Never throws.
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

/** A fast check for complete documents. A `\u` escape may spell any key, and a key that JSON escapes has several spellings. */
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

/** The position of the value of `key` in the object whose brace is at `open`. */
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

/** The position of the next key after the value at `value`. */
function nextMember(text: string, value: number): number {
  const end = skipValue(text, value);
  if (end < 0) return end;
  const comma = skipSpace(text, end);
  if (comma >= text.length) return CUT;
  return text[comma] === ',' ? skipSpace(text, comma + 1) : ABSENT;
}

/** Only a key with an escape has to be parsed. */
function isName(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length && text.startsWith(key, start)) return !key.includes('\\');
  const raw = text.slice(start, end);
  if (!raw.includes('\\')) return false;
  const name = parsePrimitive(`"${raw}"`);
  return name !== 'absent' && name.found === key;
}

/** Most values are a small number or a short plain string, which need no parser. */
function readPrimitive(text: string, at: number, end: number): { readonly found: JsonPrimitive } | 'absent' {
  const number = readSmallNumber(text, at, end);
  if (number > 0) return { found: number };
  return isPlainString(text, at, end) ? { found: text.slice(at + 1, end - 1) } : parsePrimitive(text.slice(at, end));
}

/** 0 for anything but a positive integer of at most 15 digits. */
function readSmallNumber(text: string, at: number, end: number): number {
  if (end - at > 15 || text.charCodeAt(at) === 0x30) return 0;
  let number = 0;
  for (let digit = at; digit < end; digit++) {
    const value = text.charCodeAt(digit) - 0x30;
    if (value < 0 || value > 9) return 0;
    number = number * 10 + value;
  }
  return number;
}

/** Whether it is printable ASCII in quotes, without an escape. */
function isPlainString(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(at) !== 0x22) return false;
  for (let char = at + 1; char < end - 1; char++) {
    const code = text.charCodeAt(char);
    if (code < 0x20 || code > 0x7e || code === 0x5c) return false;
  }
  return true;
}

function parsePrimitive(text: string): { readonly found: JsonPrimitive } | 'absent' {
  try {
    const value: unknown = JSON.parse(text);
    return isPrimitive(value) ? { found: value } : 'absent';
  } catch {
    return 'absent';
  }
}

/** Of a value that `JSON.parse` returned. */
function isPrimitive(value: unknown): value is JsonPrimitive {
  return value === null || typeof value !== 'object';
}

function isContainer(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(at)) at++;
  return at;
}

/** The position after the string whose opening quote is at `open`. */
function skipString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
  return CUT;
}

/** The position after the value at `at`. A number or a literal at the end of the text may be incomplete. */
function skipValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 0x22) return skipString(text, at);
  if (isContainer(code)) return skipContainer(text, at);
  for (let end = at; end < text.length; end++) {
    if (endsWord(text.charCodeAt(end))) return end === at ? ABSENT : end;
  }
  return CUT;
}

function endsWord(code: number): boolean {
  return code === 0x2c || code === 0x5d || code === 0x7d || code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function skipContainer(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = skipString(text, at) - 1;
      if (at < 0) return CUT;
    } else if (isContainer(code)) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
  }
  return CUT;
}
