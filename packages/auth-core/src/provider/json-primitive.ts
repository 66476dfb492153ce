/** A JSON value that is no object and no array. */
export type JsonPrimitive = string | number | boolean | null;

/** Most values are a small number or a short plain text, which need no parser. */
export function readPrimitive(text: string, at: number, end: number): { readonly found: JsonPrimitive } | 'absent' {
  const number = readSmallNumber(text, at, end);
  if (number > 0) return { found: number };
  return isPlainString(text, at, end) ? { found: text.slice(at + 1, end - 1) } : parsePrimitive(text.slice(at, end));
}

/** Zero = it is something else. */
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

/** Printable ASCII between quotes, without an escape. */
function isPlainString(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(at) !== 0x22) return false;
  for (let char = at + 1; char < end - 1; char++) {
    const code = text.charCodeAt(char);
    if (code < 0x20 || code > 0x7e || code === 0x5c) return false;
  }
  return true;
}

export function parsePrimitive(text: string): { readonly found: JsonPrimitive } | 'absent' {
  try {
    const value: unknown = JSON.parse(text);
    return isPrimitive(value) ? { found: value } : 'absent';
  } catch {
    return 'absent';
  }
}

function isPrimitive(value: unknown): value is JsonPrimitive {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
