/** A position in a text, or one of the two reasons why there is none. */
export const ABSENT = -1;
export const CUT = -2;

export function isContainer(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(at)) at++;
  return at;
}

/** Behind the string whose opening quote is at `open`. */
export function skipString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
  return CUT;
}

/** Behind the value at `at`; a number or a word that reaches the end of the text may go on. */
export function skipValue(text: string, at: number): number {
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
