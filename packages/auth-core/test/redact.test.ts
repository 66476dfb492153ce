import { inspect } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleanVendorText, errorCode, redact, safeCause } from '../src/hide-secrets.ts';

const hard = 'pä"s\\s</w>&\'o+r%d {$1}*\t🔑';

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicodeEscaped = (text: string): string =>
  Array.from(text)
    .map((char) => (/[A-Za-z0-9]/.test(char) ? char : Array.from({ length: char.length }, (_, i) => `\\u${hexOf(char, i)}`).join('')))
    .join('');
const hexOf = (char: string, index: number): string => char.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
const decimalEntities = (text: string): string => text.replace(/[^A-Za-z0-9]/gu, (char) => `&#${char.codePointAt(0)};`);
const hexEntities = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`);
const namedEntities = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#039;');

/** The ways in which a server may write a secret that it was sent. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'escaped for JSON': jsonEscaped,
  'escaped for JSON twice': (text) => jsonEscaped(jsonEscaped(text)),
  'escaped for JSON three times': (text) => jsonEscaped(jsonEscaped(jsonEscaped(text))),
  'escaped for JSON with its slashes': (text) => jsonEscaped(text).replaceAll('/', '\\/'),
  'escaped for JSON as .NET does': (text) =>
    jsonEscaped(text).replace(/\\"|['&<>+]/g, (char) => `\\u00${char.at(-1)?.charCodeAt(0).toString(16)}`),
  'escaped for JSON, all but letters and digits': unicodeEscaped,
  'in a URL': (text) => encodeURIComponent(text.toWellFormed()),
  'in a URL, in lower case': (text) => encodeURIComponent(text.toWellFormed()).replace(/%../g, (triplet) => triplet.toLowerCase()),
  'in a URL twice': (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  'in a form': (text) => new URLSearchParams({ '': text }).toString().slice(1),
  'in HTML, by decimal number': decimalEntities,
  'in HTML, by hexadecimal number': hexEntities,
  'in HTML, by name': namedEntities,
  'in HTML, as text of HTML': (text) => namedEntities(namedEntities(text)),
  'JSON in HTML': (text) => namedEntities(jsonEscaped(text)),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
};

describe('a text that repeats a secret', () => {
  it.each(Object.entries(spellings))('a text that repeats a secret no longer shows it: %s', (_name, spell) => {
    const text = redact(`before ${spell(hard)} between ${spell(hard)} after`, [hard]);
    expect(text.replaceAll(/=*/g, '')).toBe('before [hidden] between [hidden] after');
  });

  it('a text no longer shows any secret in any spelling, whatever it is made of', () => {
    const secret = fc.string({ unit: 'binary', minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.constantFrom(...Object.keys(spellings)), fc.string(), fc.string(), (text, name, before, after) => {
        const spelt = spellings[name]?.(text) ?? '';
        fc.pre(!'[hidden]'.includes(text) && !`${before}[hidden]${after}`.includes(text));
        const rest = redact(`${before} ${spelt} ${after}`, [text]);
        expect(rest).toContain('[hidden]');
        expect(rest).not.toContain(text);
        expect(rest).not.toContain(spelt);
      }),
      { numRuns: 500 },
    );
  });

  it('a text stays as it was around the secret', () => {
    const around = fc.string({ unit: fc.constantFrom('%', '4', '1', '\\', '&', ';', 'a', 'm', 'p', '+', ' ', 'ä'), maxLength: 20 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(`${before} Hidden-0 ${after}`, ['Hidden-0'])).toBe(`${before} [hidden] ${after}`);
      }),
    );
  });

  it('a text loses the longer secret first, where one is part of another', () => {
    expect(redact('secret-token secret', ['secret', 'secret-token'])).toBe('[hidden] [hidden]');
  });

  it('a text stays as it is where there is no secret, or an empty one', () => {
    expect(redact('as it is', [])).toBe('as it is');
    expect(redact('as it is', [''])).toBe('as it is');
    expect(redact('.* $& a+b', ['x.y'])).toBe('.* $& a+b');
  });

  it('a text loses a token of eight kilobytes', () => {
    const token = `${'aB3-_.'.repeat(1_400)}!`;
    expect(redact(`x ${token} y`, [token])).toBe('x [hidden] y');
  });
});

describe("a vendor's words", () => {
  it('a page of a mebibyte is cleaned within two seconds of a processor', () => {
    const started = process.cpuUsage();
    for (const part of ['\\', '&amp;', '%25', '!', '\\!', 'A', ' ', '\\u005c'])
      cleanVendorText(part.repeat(1_048_576 / part.length), [hard, 'A']);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it('a vendor’s words stand on one line, without control characters', () => {
    expect(cleanVendorText('  a\r\n\tb\u2028c\u0000d\u200be\u001b[31m ', [])).toBe('a b c d e [31m');
  });

  it('a vendor’s words are cut, and never in the middle of a character', () => {
    expect(cleanVendorText('x'.repeat(300), [])).toBe('x'.repeat(300));
    expect(cleanVendorText('x'.repeat(301), [])).toBe(`${'x'.repeat(300)}…`);
    expect(cleanVendorText(`${'x'.repeat(299)}🔑🔑`, [])).toBe(`${'x'.repeat(299)}…`);
  });

  it('a vendor’s words do not show a secret that the cut would have split', () => {
    expect(cleanVendorText(`${'x'.repeat(296)}${hard}`, [hard])).not.toContain('pä');
  });

  it('a vendor’s words do not show a secret that spans lines', () => {
    expect(cleanVendorText('said a\r\n b!', ['a\r\n b'])).toBe('said [hidden]!');
  });
});

describe("another library's error", () => {
  const original = Object.assign(new TypeError(`could not send ${hard}`), { code: 'UND_ERR_X', data: hard, request: { body: hard } });

  it('another library’s error is handed on as its name, its code and its scrubbed message', () => {
    const cause = safeCause(original, [hard]);
    expect(cause).toMatchObject({ name: 'TypeError', message: 'could not send [hidden]', code: 'UND_ERR_X' });
    expect(Object.keys(cause).toSorted()).toEqual(['code', 'name']);
  });

  it('everything else that another library’s error carries is left behind', () => {
    original.cause = new Error(hard);
    expect(inspect(safeCause(original, [hard]), { showHidden: true, depth: null })).not.toContain('pä');
  });

  it('what was thrown and is no Error is not repeated', () => {
    for (const thrown of [hard, { message: hard }, null, undefined, 7]) {
      expect(inspect(safeCause(thrown, []), { showHidden: true })).not.toContain('pä');
    }
  });

  it('another library’s error has a code only where that is a text', () => {
    expect(errorCode(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    for (const none of [Object.assign(new Error('x'), { code: 7 }), new Error('x'), 'x', null, undefined])
      expect(errorCode(none)).toBeUndefined();
  });
});
