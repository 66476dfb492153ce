const mask = '[hidden]';

/** Vendor texts are sentences; what is longer is a page that nobody reads in an error. */
const maxVendorText = 300;

/** Of a page no more than this is looked at: enough for a sentence behind a lot of white space. */
const maxLook = 4_096;

/** How many characters escaping makes of one, at the most that is looked for. */
const maxEscape = 24;

/**
 * Replaces every secret in a text, in each form in which an answer may repeat it: as it is, escaped for JSON, HTML or a URL (up to three times
 * over), and in base64. By value, not by pattern: some vendors' tokens stand in no recognisable place. Only the first `limit` characters are kept.
 */
export function redact(text: string, secrets: readonly string[], limit: number = text.length): string {
  // A secret that the limit cuts through must be recognised whole.
  const margin = maxEscape * Math.max(0, ...secrets.map((secret) => secret.length));
  let rest = '';
  let at = 0;
  for (const [start, end] of findSecrets(text.slice(0, limit + margin), secrets).toSorted(([a], [b]) => a - b)) {
    if (start >= limit) break;
    if (start >= at) rest += text.slice(at, start) + mask;
    at = Math.max(at, end);
  }
  return rest + text.slice(at, limit);
}

/** A vendor's words, fit for an error: without secrets, on one line, of bounded length. */
export function cleanVendorText(text: string, secrets: readonly string[]): string {
  const line = redact(text, secrets, maxLook)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > maxVendorText ? `${line.slice(0, maxVendorText).replace(/\p{Surrogate}$/u, '')}…` : line;
}

/**
 * A stand-in for another library's error that is safe to hand on as a `cause`: its name, code and scrubbed message, and nothing else. The
 * original may hold bytes that were read, headers or a request.
 */
export function safeCause(error: unknown, secrets: readonly string[]): Error {
  if (!(error instanceof Error)) return new Error('something was thrown that is no Error');
  const cause = new Error(cleanVendorText(error.message, secrets));
  cause.name = error.name;
  // The stack begins with the message; a copy's own stack would only point here.
  cause.stack = `${cause.name}: ${cause.message}`;
  const code = errorCode(error);
  return code === undefined ? cause : Object.assign(cause, { code });
}

/** The `code` of a Node.js or undici error. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Where a text shows something: from, and up to but not including. */
type Range = readonly [start: number, end: number];

/** A text with escapes taken away; each of its UTF-16 units knows which part of the original it came from. */
interface Decoded {
  readonly text: string;
  readonly origins: readonly Range[];
}

interface Escaping {
  readonly pattern: RegExp;
  readonly decode: (escaped: string) => string;
}

/** What is escaped more often than this is no accident of a server's. */
const maxDepth = 3;

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', 0: '\0' };

/** JSON and its relatives, URLs, forms and HTML. */
const escapings: readonly Escaping[] = [
  { pattern: /\\(?:u[\da-f]{4}|x[\da-f]{2}|.)/gis, decode: decodeBackslash },
  { pattern: /(?:%[\da-f]{2})+/gi, decode: decodePercent },
  { pattern: /(?:%[\da-f]{2})+|\+/gi, decode: (escaped) => (escaped === '+' ? ' ' : decodePercent(escaped)) },
  { pattern: /&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp);?/gi, decode: decodeEntity },
];

/**
 * Finds secrets in a text, in each form in which a server may repeat them: as they are, escaped up to three times over, and in base64. It takes the
 * escapes away and then looks, so that it does not matter which characters an escaper chose to escape, or how it spelt them.
 */
function findSecrets(text: string, secrets: readonly string[]): Range[] {
  const forms = new Set(secrets.flatMap(plainForms).filter((form) => form !== ''));
  if (forms.size === 0) return [];
  return findIn({ text, origins: Array.from({ length: text.length }, (_, at): Range => [at, at + 1]) }, forms, maxDepth);
}

function plainForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [secret, bytes.toString('utf8'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}

function findIn(decoded: Decoded, forms: ReadonlySet<string>, depth: number): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (let at = decoded.text.indexOf(form); at !== -1; at = decoded.text.indexOf(form, at + 1)) {
      found.push([decoded.origins[at]?.[0] ?? 0, decoded.origins[at + form.length - 1]?.[1] ?? decoded.text.length]);
    }
  }
  if (depth === 0) return found;
  const deeper = escapings.map((escaping) => takeAway(escaping, decoded)).filter((next) => next !== undefined);
  return [...found, ...deeper.flatMap((next) => findIn(next, forms, depth - 1))];
}

/** Undefined where there is nothing to take away. */
function takeAway({ pattern, decode }: Escaping, { text, origins }: Decoded): Decoded | undefined {
  const pieces: string[] = [];
  const kept: Range[] = [];
  let at = 0;
  for (const { 0: escaped, index } of text.matchAll(pattern)) {
    const plain = decode(escaped);
    const end = index + escaped.length;
    pieces.push(text.slice(at, index), plain);
    for (; at < index; at++) kept.push(origins[at] ?? [at, at + 1]);
    const origin: Range = [origins[index]?.[0] ?? index, origins[end - 1]?.[1] ?? end];
    for (let unit = 0; unit < plain.length; unit++) kept.push(origin);
    at = end;
  }
  if (at === 0) return undefined;
  pieces.push(text.slice(at));
  return { text: pieces.join(''), origins: [...kept, ...origins.slice(at)] };
}

function decodeBackslash(escaped: string): string {
  if (escaped.length > 2) return String.fromCharCode(Number.parseInt(escaped.slice(2), 16));
  const character = escaped.slice(1);
  return shortEscapes[character] ?? character;
}

/** UTF-8, or Latin-1 where it is not. */
function decodePercent(escaped: string): string {
  const bytes = Buffer.from(escaped.replaceAll('%', ''), 'hex');
  const text = bytes.toString('utf8');
  return text.includes('\u{fffd}') && !Buffer.from(text).equals(bytes) ? bytes.toString('latin1') : text;
}

function decodeEntity(escaped: string): string {
  const name = escaped.replace(/^&#?|;$/g, '').toLowerCase();
  if (!escaped.startsWith('&#')) return namedEntities[name] ?? escaped;
  const code = name.startsWith('x') ? Number.parseInt(name.slice(1), 16) : Number(name);
  return code <= 0x10ffff ? String.fromCodePoint(code) : escaped;
}
