import { isNativeError, isProxy } from 'node:util/types';

import { isPlatformCode } from './platform-code.ts';
import { readingsOf } from './unescape.ts';

/** No more of a text is looked at, in UTF-16 units. */
const maxLook = 16_384;

/** Of a page no more than this is shown: enough for a sentence behind a lot of white space. What follows is looked at, so that no secret is cut. */
const maxShownFrom = 4_096;

/** Vendor texts are sentences; what is longer is a page that nobody reads in an error. */
const maxShown = 300;

/** A text that shows this many letters of a secret shows it. So a look takes no longer for longer secrets. */
const maxNeedle = 128;

/** How many characters of readings are looked at, in all: 32 readings of a text of 16 KB, every reading of a sentence. */
const maxWork = 524_288;

/**
 * Whether a text holds a secret, or the first 128 letters of one, in any usual spelling: compared without regard to case, accents, compatibility forms
 * (NFKD), white space, `+`, backslashes, control characters and invisible letters; with up to three layers of escapes, base64 and hexadecimal digits
 * read (see {@link readingsOf}); in the middle of base64; in hexadecimal digits, however separated; and as UTF-8 that was read as ISO 8859-1.
 *
 * A secret of one to three letters counts as repeated by every text: it would be found by chance. One of less than six bytes is not looked for in the
 * middle of base64 and between separators of hexadecimal digits. Empty secrets count for nothing. Only the first 16,384 characters are looked at; a text
 * that is escaped in so many ways that it cannot be looked through counts as one that repeats a secret.
 */
export function repeatsSecret(text: string, secrets: readonly string[]): boolean {
  const given = secrets.filter((secret) => secret !== '');
  if (text === '' || given.length === 0) return false;
  if (given.some((secret) => countLetters(secret) <= 3)) return true;
  const needles = needlesOf(given);
  let work = 0;
  for (const reading of readingsOf(text.slice(0, maxLook))) {
    work += reading.length;
    if (work > maxWork || showsNeedle(reading, needles)) return true;
  }
  return false;
}

/**
 * A text that somebody else wrote, fit for an error: on one line, without control characters and invisible ones, at most 300 characters and an ellipsis.
 * Undefined if it is no text, says nothing, or repeats a secret: such a text is left out whole.
 */
export function foreignText(text: unknown, secrets: readonly string[]): string | undefined {
  if (typeof text !== 'string' || repeatsSecret(text, secrets)) return undefined;
  const line = text
    .slice(0, maxLook)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .slice(0, maxShownFrom)
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, ' ')
    .trim();
  // Either cut may go through a character of two units.
  const shown = line.slice(0, maxShown).replace(/\p{Surrogate}$/u, '');
  if (shown === '') return undefined;
  return shown.length < line.length ? `${shown}…` : shown;
}

/**
 * A stand-in for another library's error that is safe to hand on as a `cause`: its name, its code and its message, each left out if it repeats a
 * secret, and nothing else. A code of the platform's stays beside a secret of one to three letters, unless that is one of its words. The original may hold bytes that were read, headers or a request.
 */
export function foreignError(error: unknown, secrets: readonly string[]): Error {
  if (!isError(error)) return new Error('something was thrown that is no Error');
  const cause = new Error(messageToTell(error, secrets));
  cause.name = foreignText(read(error, 'name'), secrets) ?? 'Error';
  // The stack begins with the message; a copy's own stack would only point here.
  cause.stack = `${cause.name}: ${cause.message}`;
  const code = codeOf(error, secrets);
  return code === undefined ? cause : Object.assign(cause, { code });
}

/** A parser quotes what it was given, which may hold a token that nobody knows yet. */
function messageToTell(error: object, secrets: readonly string[]): string {
  if (read(error, 'name') === 'SyntaxError') return '(its message is left out: it may quote what was read)';
  const message = messageOf(error);
  return repeatsSecret(message, secrets) ? '(its message is left out: it repeats a secret)' : (foreignText(message, secrets) ?? '');
}

/** Without it nobody could tell a refused connection from a name that does not exist. */
function codeOf(error: object, secrets: readonly string[]): string | undefined {
  const code = errorCode(error);
  if (code === undefined || !isPlatformCode(code)) return foreignText(code, secrets);
  const words = [code, ...code.split('_')];
  return foreignText(
    code,
    secrets.filter((secret) => countLetters(secret) > 3 || words.includes(fold(secret))),
  );
}

/** The `code` of a Node.js or undici error. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? read(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An error of whatever realm, older libraries' and DOM exceptions included. */
function isError(value: unknown): value is object {
  if (isNativeError(value)) return true;
  if (typeof value !== 'object' || value === null || isProxy(value)) return false;
  return value instanceof Error || read(value, Symbol.toStringTag) === 'DOMException';
}

/** Node.js says nothing but an error for each address where it could connect to none of several. */
function messageOf(error: object): string {
  const message = read(error, 'message');
  if (typeof message === 'string' && message !== '') return message;
  const errors = read(error, 'errors');
  if (!Array.isArray(errors)) return '';
  return errors
    .filter(isError)
    .map((each) => read(each, 'message'))
    .filter((each) => typeof each === 'string')
    .join('; ');
}

/** A getter of somebody else's may throw. */
function read(from: object, name: string | symbol): unknown {
  try {
    return Reflect.get(from, name);
  } catch {
    return undefined;
  }
}

/** What to look for in a text: folded, in hexadecimal digits, and in what is compared by case. */
interface Needles {
  readonly folded: readonly string[];
  readonly digits: readonly string[];
  readonly exact: readonly string[];
}

function needlesOf(secrets: readonly string[]): Needles {
  const bytes = secrets.flatMap(bytesOf);
  const needles = (all: readonly string[]): string[] => [...new Set(all.map((needle) => needle.slice(0, maxNeedle)))];
  return {
    folded: needles(secrets.map(fold)),
    digits: needles(bytes.map((each) => each.toString('hex').toUpperCase())),
    exact: needles([...bytes.flatMap(base64Of), ...secrets.flatMap(misreadings)].map(tighten)),
  };
}

function showsNeedle(reading: string, { folded, digits, exact }: Needles): boolean {
  const text = fold(reading);
  if (folded.some((needle) => text.includes(needle))) return true;
  if (exact.length === 0) return false;
  const tight = tighten(reading);
  if (exact.some((needle) => tight.includes(needle))) return true;
  // As `61 62`, `61:62`, `\x61\x62` and `0x61, 0x62`.
  const hex = text.replace(/0X(?=[\dA-F]{2})|[^\dA-F]+/g, '');
  return digits.some((needle) => hex.includes(needle));
}

/**
 * What is left of a text for comparing. Letter by letter, so that what stands around a secret makes no difference. Marks are removed before they could be
 * put in order, which takes time that is quadratic in their number; backslashes, because some servers escape in part.
 */
function fold(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text.replace(/[\0-\x20+\\\x7f]+/g, '').toUpperCase();
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\p{M}+/gu, '')
    .normalize('NFKD')
    .replace(/[\s+\\\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '')
    .toLowerCase()
    .toUpperCase();
}

/** Without what may stand between the letters of base64; without those, too, that a form or a URL changes. */
function tighten(text: string): string {
  return text.replace(/[\s+\-\p{Cc}\p{Cf}]+/gu, '').replaceAll('_', '/');
}

/** As people count them, and as few as are compared: a syllable of Hangul is one, and so is a ligature. */
function countLetters(secret: string): number {
  return Math.min(Array.from(secret).length, Array.from(fold(secret).normalize('NFC')).length);
}

/** The bytes as which a secret may be sent, no more than are looked for; none if there are less than six. */
function bytesOf(secret: string): Buffer[] {
  const head = secret.slice(0, 2 * maxNeedle);
  const composed = head.normalize('NFC');
  const texts = new Set([head, composed, head.normalize('NFD')]);
  const all = [...Array.from(texts, (text) => Buffer.from(text, 'utf8')), Buffer.from(head, 'utf16le')];
  if (/[\x80-\xff]/.test(composed) && !/[^\0-\xff]/.test(composed)) all.push(Buffer.from(composed, 'latin1'));
  return all.filter((bytes) => bytes.length >= 6).map((bytes) => bytes.subarray(0, maxNeedle));
}

/** What base64 shows of bytes whatever stands before and behind them: the letters that belong to them alone. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** UTF-8 that was read as ISO 8859-1, or as windows-1252, as browsers do. */
function misreadings(secret: string): string[] {
  const bytes = Buffer.from(secret.slice(0, maxNeedle), 'utf8');
  if (bytes.length < 6 || !/[^\0-\x7f]/.test(secret)) return [];
  return [bytes.toString('latin1'), new TextDecoder('windows-1252').decode(bytes)];
}
