/**
 * Where a piece of TypeScript ends: the first position, outside of every bracket, string and comment, at which `ends` is true. Source that a formatter
 * has laid out is enough for it; it is no parser.
 *
 * @throws Error where there is none.
 */
export function findEnd(text: string, from: number, ends: (at: number) => boolean): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (depth === 0 && ends(at)) return at;
    const char = text.charAt(at);
    if ('({['.includes(char)) depth += 1;
    else if (')}]'.includes(char)) depth -= 1;
    else if (char === "'" || char === '`') at = endOfString(text, at);
    else if (text.startsWith('//', at)) at = text.indexOf('\n', at) - 1;
    else if (text.startsWith('/*', at)) at = text.indexOf('*/', at) + 1;
  }
  throw new Error(`no end: ${text.slice(from, from + 80)}`);
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[open]) return at;
  }
  return text.length;
}
