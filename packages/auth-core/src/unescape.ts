import { isUtf8 } from 'node:buffer';

/** What is escaped more often than this is no accident of a server's. */
const maxDepth = 3;

/**
 * The text as it is, and every text that it may stand for: escapes of JSON and its relatives, of HTML, of URLs and of quoted-printable taken away, and
 * base64 and hexadecimal digits read, one kind at a time and up to three times over, in any order. One kind at a time, because a text that is escaped in
 * one way may hold what looks like an escape of another. The names of entities are read without regard to case.
 */
export function* readingsOf(text: string): Generator<string, void> {
  const seen = new Set([text]);
  let layer = [text];
  yield text;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const next: string[] = [];
    for (const outer of layer) {
      for (const { pattern, decode } of escapings) {
        const inner = outer.replace(pattern, decode);
        if (seen.has(inner)) continue;
        seen.add(inner);
        next.push(inner);
        yield inner;
      }
    }
    layer = next;
  }
}

interface Escaping {
  readonly pattern: RegExp;
  readonly decode: (escaped: string) => string;
}

/** Of HTML 4 the entities of ISO 8859-1 from U+00A0 to U+00DF: those up to U+00FE differ from them in case alone. */
const latin1 = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm ' +
  'raquo frac14 frac12 frac34 iquest agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ' +
  'ograve oacute ocirc otilde ouml times oslash ugrave uacute ucirc uuml yacute thorn szlig'
).split(' ');

/** Each name with its character behind it. */
const otherEntities = (
  'amp& lt< gt> quot" apos\' excl! num# dollar$ percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ ' +
  'bsol\\ rsqb] rbrack] hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace} tab\t newline\n divide÷ yuml\u00ff euro€ oelig\u0153 ' +
  'scaron\u0161 fnof\u0192 ndash– mdash— lsquo‘ rsquo’ ldquo“ rdquo” hellip… bull•'
).split(' ');

const shortEscapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' }),
);

const escapings: readonly Escaping[] = [
  {
    pattern: /(?:\\x[\da-fA-F]{2})+|(?:\\[0-3][0-7]{2})+|\\u\{[\da-fA-F]{1,6}\}|\\U[\da-fA-F]{8}|\\[uU][\da-fA-F]{4}|\\./gs,
    decode: decodeBackslash,
  },
  {
    pattern: /&(?:#0*\d{1,7}|#x0*[\da-f]{1,6}|[a-z]{2,7}\d{0,2});?/gi,
    decode: (escaped) => (escaped.startsWith('&#') ? decodeNumericEntity(escaped) : decodeNamedEntity(escaped)),
  },
  { pattern: /(?:%[\da-f]{2})+|%u[\da-f]{4}/gi, decode: decodePercent },
  { pattern: /(?:=[\da-f]{2}|=[ \t]*\r?\n)+/gi, decode: (escaped) => decodeBytes(hexBytes(escaped.replace(/[=\s]+/g, ''))) },
  { pattern: /[\w+/-]{8,}={0,2}/g, decode: (run) => decodeText(Buffer.from(run, 'base64')) ?? run },
  { pattern: /(?:[\da-f]{2}){6,}/gi, decode: (run) => decodeText(hexBytes(run)) ?? run },
];

function decodeBackslash(escaped: string): string {
  const kind = escaped.charAt(1);
  if (escaped.length === 2) return shortEscapes.get(kind) ?? kind;
  if (kind === 'x') return decodeBytes(hexBytes(escaped.replaceAll('\\x', '')));
  if (/\d/.test(kind))
    return decodeBytes(
      Buffer.from(
        escaped
          .slice(1)
          .split('\\')
          .map((octal) => Number.parseInt(octal, 8)),
      ),
    );
  return fromCodePoint(Number.parseInt(escaped.replace(/[^\da-fA-F]/g, ''), 16)) ?? escaped;
}

function decodeNumericEntity(escaped: string): string {
  const digits = escaped.replace(/^&#|;$/g, '').toLowerCase();
  return fromCodePoint(digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits)) ?? escaped;
}

/** The longest name that it begins with counts: HTML lets the semicolon be left out. */
function decodeNamedEntity(escaped: string): string {
  const name = escaped.slice(1).toLowerCase();
  for (let length = name.length; length > 1; length -= 1) {
    const character = characterOf(name.slice(0, length));
    if (character !== undefined) return character + escaped.slice(1 + length).replace(/^;/, '');
  }
  return escaped;
}

function characterOf(name: string): string | undefined {
  const index = latin1.indexOf(name);
  return index >= 0 ? String.fromCharCode(0xa0 + index) : otherEntities.find((entity) => entity.slice(0, -1) === name)?.slice(-1);
}

function decodePercent(escaped: string): string {
  if (/^%u/i.test(escaped)) return String.fromCharCode(Number.parseInt(escaped.slice(2), 16));
  return decodeBytes(hexBytes(escaped.replaceAll('%', '')));
}

function fromCodePoint(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function hexBytes(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

/** Bytes that are a text; undefined for others: most runs of letters are no base64. */
function decodeText(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** UTF-8, and ISO 8859-1 wherever it is not: one server's text may hold both. */
function decodeBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes
    .toString('latin1')
    .replace(/[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g, (sequence) =>
      Buffer.from(sequence, 'latin1').toString('utf8'),
    );
}
