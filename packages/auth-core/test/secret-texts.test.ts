import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { errorCode, foreignError, foreignText, repeatsSecret } from '../src/secret-texts.ts';
import { ordinaryTexts } from './helpers/ordinary-texts.ts';
import { escapes, spellings } from './helpers/spellings.ts';

const secrets: Readonly<Record<string, string>> = {
  'a password of symbols': 'pä"s\\s</w>&\'o+r%d {$1}*\t🔑',
  'a French password': 'Été§Ça-va?Où<être>2026!',
  'a Korean password': '비밀번호는"호랑이"&2026',
  'a Japanese password': 'パスワードは「がぎぐ」です+1',
  'a password with escapes in it': 'a\\u0041%41&amp;=41\\n\\x41&#65;%2541',
  'a short password': 'Sésame',
  'a token': `eyJhbGciOiJIUzI1NiJ9.${'aB3-_x9Q'.repeat(30)}.Zz+/=~`,
};

describe('a text that repeats a secret', { timeout: 60_000 }, () => {
  it('there are more than fifty spellings to recognise a secret in', () => {
    expect(Object.keys(spellings).length).toBeGreaterThanOrEqual(51);
  });

  it.each(Object.keys(spellings))('a text repeats a secret, whichever it is: %s', (name) => {
    for (const [what, secret] of Object.entries(secrets)) {
      const text = `The password "${spellings[name]?.(secret)}" is wrong`;
      expect({ what, text, repeats: repeatsSecret(text, ['something else', secret]) }).toEqual({ what, text, repeats: true });
    }
  });

  it('a text repeats a secret in any three escapes around each other, whatever the secret and the text are made of', () => {
    const units = fc.constantFrom(...Array.from('\\%&=;#u x41n"/<+-_é漢가🔑\u0301\n'), '\ud83d');
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: units, maxLength: 12 }));
    const around = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: units, maxLength: 12 }));
    const spells = fc.array(fc.constantFrom(...(Object.keys(escapes) as (keyof typeof escapes)[])), { maxLength: 3 });
    fc.assert(
      fc.property(part, part, around, around, spells, (start, end, before, after, names) => {
        const secret = `${start}Zq7#Xv${end}`;
        const spelt = names.reduce((text, name) => escapes[name](text), secret);
        // Escapes of escapes of escapes may take more than is looked at; what is shown of them is then less than a letter.
        fc.pre(spelt.length < 16_000);
        expect(repeatsSecret(`${before} ${spelt} ${after}`, [secret])).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a secret of six letters is found in a text of a few letters exactly where it stands there', () => {
    const letters = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom('g', 'h'), minLength, maxLength });
    fc.assert(
      fc.property(letters(6, 8), letters(0, 200), (secret, text) => {
        expect(repeatsSecret(text, [secret.toUpperCase()])).toBe(text.includes(secret));
      }),
    );
  });

  it('a text is found to repeat a secret that begins close to the end of what is shown of it', () => {
    for (const spell of Object.values(escapes))
      expect(repeatsSecret(`${'x '.repeat(150)}${spell(secrets['a token'] ?? '')}`, [secrets['a token'] ?? ''])).toBe(true);
  });

  it('a text repeats a secret of 16 KB if it shows its first 128 letters, and not if it shows half of these', () => {
    const secret = Array.from({ length: 16_384 }, (_, at) => ((at * at * 7 + at) % 36).toString(36)).join('');
    expect(repeatsSecret(`x ${secret} y`, [secret])).toBe(true);
    expect(repeatsSecret(`x ${secret.slice(0, 130)}… y`, [secret])).toBe(true);
    expect(repeatsSecret(`x ${secret.slice(0, 64)}… y`, [secret])).toBe(false);
  });

  it('every text but an empty one counts as one that repeats a secret of one to three letters', () => {
    for (const short of ['1', 'no', 'été', '비밀번', '🔑🔑🔑', ' ', '\u200b', 'a b+c', 'ßßß']) {
      expect(repeatsSecret('x', [short])).toBe(true);
      expect(repeatsSecret('', [short])).toBe(false);
    }
  });

  it('a secret of four or five letters is found as it is and escaped, and not in the middle of base64, which holds everything', () => {
    for (const secret of ['2026', 'login']) {
      for (const text of [
        `in ${secret}`,
        `in ${secret.toUpperCase()}`,
        `in ${secret.split('').join(' ')}`,
        `in %${Buffer.from(secret)
          .toString('hex')
          .replace(/..(?=.)/g, '$&%')}`,
      ])
        expect({ text, repeats: repeatsSecret(text, [secret]) }).toEqual({ text, repeats: true });
      expect(repeatsSecret(`in ${Buffer.from(`\xff${secret}`, 'latin1').toString('base64')}`, [secret])).toBe(false);
    }
  });

  it('a text repeats a secret among escapes of what is no character, and of bytes that are no UTF-8', () => {
    for (const around of [
      '&#9999999;',
      '&#xffffff;',
      '\\u{ffffff}',
      '\\Uffffffff',
      '%ff%C3',
      '\\xff\\xe9',
      '=ff=e9',
      '\\377',
      '&unknown;',
      '\\z',
    ])
      for (const spell of Object.values(escapes))
        expect(repeatsSecret(`${around} ${spell('hünter22!')} ${around}`, ['hünter22!'])).toBe(true);
  });

  it('a text in UTF-7 is not read: what it spells otherwise than ASCII is shown', () => {
    expect(repeatsSecret('wrong password: gr+APYA3w-e-Z+APw-rich', ['größe-Zürich'])).toBe(false);
  });

  it('an empty secret counts for nothing, and so does a text without secrets', () => {
    expect(repeatsSecret('as it is', [])).toBe(false);
    expect(repeatsSecret('as it is', ['', ''])).toBe(false);
  });

  it('a text that is escaped in more ways than can be looked through counts as one that repeats a secret', () => {
    const text = '\\\\%2525&amp;amp;=3D3D YWFhYWFh 616161616161 ';
    expect(repeatsSecret(text, ['hunter22'])).toBe(false);
    expect(repeatsSecret(text.repeat(400), ['hunter22'])).toBe(true);
  });
});

describe('a text that repeats no secret', { timeout: 60_000 }, () => {
  const passwords = [
    'password',
    'passwort',
    'esignon',
    'mot de passe',
    'hunter22',
    '123456',
    '12345678',
    '20260131',
    'abcdef',
    'aaaaaa',
    'letmein',
    'connexion',
  ].concat([
    '비밀번호입니다',
    'パスワードです',
    '認証キー2026',
    'motdepasse',
    'Sésame',
    'qwerty',
    'AAAAAA',
    'ffffff',
    '000000',
    'example',
    'account',
    'R0lGOD',
  ]);
  const plain = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/[\s+\\\p{M}]/gu, '')
      .toLowerCase();
  /** The texts that are left out of all, as a part of those that do not say the password. */
  const leftOut = (words: readonly string[]): number => {
    const cases = words.flatMap((word) => ordinaryTexts().map((ordinary) => ({ word, ...ordinary })));
    const innocent = cases.filter(({ word, text, says }) => !plain(`${text}\0${says}`).includes(plain(word)));
    expect(innocent.length).toBeGreaterThan(cases.length / 2);
    return innocent.filter(({ word, text }) => repeatsSecret(text, [word])).length / innocent.length;
  };

  it('of ordinary texts that do not say a password of six letters or more, less than one in ten thousand is left out', () => {
    expect(leftOut(passwords)).toBeLessThan(0.000_1);
  });

  it('of ordinary texts that do not say a password of four or five letters, less than one in a thousand is left out', () => {
    expect(leftOut(['login', '2026', '1234', 'pass', 'admin', 'hello', 'aaaa', '호랑이님'])).toBeLessThan(0.001);
  });

  it('a text in any three escapes is kept where it is another than the secret', () => {
    const spells = fc.array(fc.constantFrom(...(Object.keys(escapes) as (keyof typeof escapes)[])), { maxLength: 3 });
    const secret = fc
      .string({ unit: fc.constantFrom(...Array.from('Ωжß漢♞ﬀ가\\%&')), minLength: 6, maxLength: 20 })
      .map((text) => `${text}Ω漢ж♞`);
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), secret, spells, (text, other, names) => {
        expect(
          repeatsSecret(
            names.reduce((each, name) => escapes[name](each), text),
            [other],
          ),
        ).toBe(false);
      }),
    );
  });
});

describe('a foreign text', () => {
  it('a foreign text is kept whole, or left out whole', () => {
    expect(foreignText('esignon says no', ['hunter22'])).toBe('esignon says no');
    expect(foreignText('esignon says no to Hunter22', ['hunter22'])).toBeUndefined();
    expect(foreignText('esignon says no', ['no'])).toBeUndefined();
  });

  it('a foreign text that says nothing is none', () => {
    for (const none of ['', ' \r\n\u200b\0', undefined, null, 7, ['x'], { toString: () => 'x' }])
      expect(foreignText(none, [])).toBeUndefined();
  });

  it('a foreign text stands on one line, without control characters and invisible ones', () => {
    expect(foreignText('  a\r\n\tb\u2028c\u0000d\u200be\u001b[31m\ufe0ff\u3164g\u202eh ', [])).toBe('a b c d e [31m f g h');
  });

  it('a foreign text is cut, and never in the middle of a character', () => {
    expect(foreignText('x'.repeat(300), [])).toBe('x'.repeat(300));
    expect(foreignText('x'.repeat(301), [])).toBe(`${'x'.repeat(300)}…`);
    expect(foreignText(`${'x'.repeat(299)}🔑🔑`, [])).toBe(`${'x'.repeat(299)}…`);
    expect(foreignText(`x${' '.repeat(4_094)}🔑🔑`, [])).toBe('x …');
    expect(foreignText('\ud83da\udd11', [])).toBe('\ufffda\ufffd');
  });

  it('a foreign text does not show the beginning of a secret that the cut goes through, in whichever spelling', () => {
    const token = secrets['a token'] ?? '';
    for (const spell of Object.values(escapes)) {
      expect(foreignText(`${'x '.repeat(145)}${spell(token)}`, [token])).toBeUndefined();
      expect(foreignText(`${' '.repeat(4_090)}${spell(token.repeat(60))}`, [token.repeat(60)])).toBeUndefined();
    }
  });

  it('whatever a foreign text is made of, at most 300 characters of it are told, in whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (text) => {
        const told = foreignText(text, []) ?? '';
        expect(told.length).toBeLessThanOrEqual(301);
        expect(told.isWellFormed()).toBe(true);
        expect(told).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("another library's error", () => {
  const password = 'hunter22!';

  it('another library’s error is handed on as its name, its code and its message, and nothing else', () => {
    const original = Object.assign(new TypeError('could not send'), { code: 'UND_ERR_X', data: password, request: { body: password } });
    original.cause = new Error(password);
    const cause = foreignError(original, [password]);
    expect(cause).toMatchObject({ name: 'TypeError', message: 'could not send', code: 'UND_ERR_X', stack: 'TypeError: could not send' });
    expect(Object.keys(cause).toSorted()).toEqual(['code', 'name']);
    expect(inspect(cause, { showHidden: true, depth: null })).not.toContain('hunter');
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_SOCKET', 'ERR_SSL_WRONG_VERSION_NUMBER', 'CERT_HAS_EXPIRED', 'HPE_INVALID_CONSTANT'])(
    'the code %s stays beside a password of one to three letters, although every other text is left out',
    (code) => {
      for (const short of ['x', 'e', 'con', 'r_s'])
        expect(foreignError(Object.assign(new Error('no'), { code }), [short])).toMatchObject({ code });
      expect(foreignError(Object.assign(new Error('no'), { code }), ['e']).message).toContain('left out');
    },
  );

  it.each([
    ['a code of nobody’s', 'EMINE', 'x'],
    ['one that is the password', 'EIO', 'eio'],
    ['one of whose words is the password', 'UND_ERR_ABC', 'abc'],
    ['one with a longer password in it', 'ECONNREFUSED', 'conn'],
    ['one with a text behind it', 'ECONNREFUSED ab', 'ab'],
  ])('%s is left out', (_name, code, secret) => {
    expect(foreignError(Object.assign(new Error('no'), { code }), [secret])).not.toHaveProperty('code');
  });

  it('each part of another library’s error is left out on its own where it repeats a secret', () => {
    const make = (name: string, code: string, message: string): Error => Object.assign(new Error(message), { name, code });
    const left = '(its message is left out: it repeats a secret)';
    expect(foreignError(make('N', 'C', `no ${password}`), [password])).toMatchObject({ name: 'N', code: 'C', message: left });
    expect(foreignError(make('N', password, 'no'), [password])).toEqual(Object.assign(new Error('no'), { name: 'N' }));
    expect(foreignError(make(password, 'C', 'no'), [password])).toMatchObject({ name: 'Error', code: 'C', message: 'no' });
    expect(foreignError(make('N', 'C', ''), [password])).toMatchObject({ name: 'N', code: 'C', message: '' });
  });

  it('the error of a connection to several addresses says which of them failed, and why', async () => {
    const lookup = (
      _host: string,
      _options: unknown,
      done: (error: null, addresses: { address: string; family: number }[]) => void,
    ): void =>
      done(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]);
    const socket = connect({ host: 'nobody.test', port: 1, lookup, autoSelectFamily: true });
    const [error]: unknown[] = await once(socket, 'error');
    expect(error).toMatchObject({ message: '' });
    expect(foreignError(error, []).message).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:1; connect E[A-Z]+ ::1:1/);
    expect(errorCode(foreignError(error, []))).toBe('ECONNREFUSED');
  });

  it('another library’s error is known in whatever realm it was made, and whichever way', () => {
    const old = Object.assign(Object.create(Error.prototype) as object, { name: 'FetchError', message: 'old', code: 'ENOTFOUND' });
    expect(foreignError(runInNewContext('new RangeError("far")'), [])).toMatchObject({ name: 'RangeError', message: 'far' });
    expect(foreignError(old, [])).toMatchObject({ name: 'FetchError', message: 'old', code: 'ENOTFOUND' });
    expect(foreignError(new DOMException('late', 'TimeoutError'), [])).toMatchObject({ name: 'TimeoutError', message: 'late' });
    expect(foreignError(runInNewContext('new AggregateError([new Error("a"), 7, new Error("b")], "")'), [])).toMatchObject({
      message: 'a; b',
    });
  });

  it('what was thrown and is no Error is not repeated', () => {
    for (const thrown of [password, { message: password }, null, undefined, 7, new Proxy({}, { getPrototypeOf: () => Error.prototype })]) {
      const { message } = foreignError(thrown, []);
      expect(message).toBe('something was thrown that is no Error');
    }
  });

  it('an error whose parts cannot be read is handed on without them', () => {
    const hostile = new Error('x');
    for (const name of ['name', 'code', 'message', 'errors'])
      Object.defineProperty(hostile, name, { get: () => JSON.parse(password) as unknown });
    expect(foreignError(hostile, [])).toMatchObject({ name: 'Error', message: '' });
    expect(errorCode(hostile)).toBeUndefined();
  });

  it('another library’s error has a code only where that is a text', () => {
    expect(errorCode(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    for (const none of [Object.assign(new Error('x'), { code: 7 }), new Error('x'), 'x', null, undefined])
      expect(errorCode(none)).toBeUndefined();
  });
});
