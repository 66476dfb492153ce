const mask = '[hidden]';

/** Vendor texts are sentences; what is longer is a page that nobody reads in an error. */
const maxVendorText = 300;

/**
 * Replaces every secret in a text, in each form in which an answer may repeat it: as it is, escaped for JSON, HTML or a URL (once or several
 * times over, whichever way the escaper spells it), and in base64. By value, not by pattern: some vendors' tokens stand in no recognisable
 * place.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .flatMap(writtenForms);
  return forms.length === 0 ? text : text.replace(new RegExp(forms.join('|'), 'giu'), mask);
}

/** A vendor's words, fit for an error: without secrets, on one line, of bounded length. */
export function cleanVendorText(text: string, secrets: readonly string[]): string {
  const line = redact(text, secrets)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > maxVendorText ? `${line.slice(0, maxVendorText).replace(/\p{Surrogate}$/u, '')}…` : line;
}

/** Regular expressions for a secret as a whole. */
function writtenForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
  return [writtenText(secret), ...encoded.map((text) => text.replace(/[+/]/g, String.raw`\$&`))];
}

/**
 * A run of backslashes is one piece, which takes those of the next character's escape along: a text of nothing but backslashes, split between
 * several greedy parts, would be tried in every way there is.
 */
function writtenText(secret: string): string {
  const pieces = secret.match(/\\+|[^\\]/gsu) ?? [];
  return pieces.map((piece, index) => writtenPiece(piece, pieces[index - 1]?.startsWith('\\') === true)).join('');
}

function writtenPiece(piece: string, afterBackslashes: boolean): string {
  if (!piece.startsWith('\\')) return writtenCharacter(piece, afterBackslashes ? 0 : 8);
  return String.raw`(?:\\{${piece.length},${8 * piece.length + 8}}|${writtenCharacter('\\', 1)}{${piece.length}})`;
}

const namedEntities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', '\u00a0': 'nbsp' };
const shortEscapes: Readonly<Record<string, string>> = { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\0': '0' };

/** A regular expression for one character, however it is escaped, with up to so many backslashes in front. */
function writtenCharacter(character: string, maxBackslashes: number): string {
  // Nothing escapes letters and digits, and tokens of some kilobytes consist of them.
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const escape = maxBackslashes === 0 ? '' : String.raw`\\{1,${maxBackslashes}}`;
  const forms = [
    String.raw`\\{0,${maxBackslashes}}\u{${code.toString(16)}}`,
    Array.from({ length: character.length }, (_, unit) => `${escape}u${hex(character.charCodeAt(unit), 4)}`).join(''),
    percent(Buffer.from(character, 'utf8')),
    entity(`#0{0,6}${code}`),
    entity(`#x0{0,6}${code.toString(16)}`),
  ];
  if (code <= 0xff) forms.push(percent(Buffer.of(code)), `${escape}x${hex(code, 2)}`);
  const named = namedEntities[character];
  if (named !== undefined) forms.push(entity(named));
  const short = shortEscapes[character];
  if (short !== undefined) forms.push(escape + short);
  if (character === ' ') forms.push(String.raw`\+`);
  return `(?:${forms.join('|')})`;
}

function percent(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%(?:25){0,3}${hex(byte, 2)}`).join('');
}

function entity(name: string): string {
  return `&(?:amp;){0,3}${name};?`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
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
