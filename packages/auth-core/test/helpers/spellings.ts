/** Writes a text as some server would. */
export type Spell = (text: string) => string;

/** Escapes that lose nothing, whatever the text: any of them may be put around any other. */
export const escapes = {
  'escaped for JSON': (text) => JSON.stringify(text).slice(1, -1),
  'escaped for JSON with its slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'escaped for JSON, all but letters and digits': (text) =>
    text.replace(/[^A-Za-z0-9]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'escaped for JSON as .NET does': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/\\"|['&<>+]|[^\0-\x7f]/g, (char) => `\\u${(char.at(-1) ?? '').charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
  'in HTML, by name': (text) => text.replace(/[&<>"']/g, (char) => named.get(char) ?? char),
  'in HTML, by decimal number': (text) => text.replace(/[^A-Za-z0-9]/gu, (char) => `&#${char.codePointAt(0)};`),
  'in HTML, by hexadecimal number': (text) => text.replace(/[^A-Za-z0-9]/gu, (char) => `&#x${char.codePointAt(0)?.toString(16)};`),
  'in HTML, every letter by a number of seven digits': (text) =>
    text.replace(/./gsu, (char) => `&#${String(char.codePointAt(0)).padStart(7, '0')};`),
  'in a URL': (text) => encodeURIComponent(text.toWellFormed()),
  'in a URL, in lower case': (text) => encodeURIComponent(text.toWellFormed()).replace(/%../g, (triplet) => triplet.toLowerCase()),
  'in a URL, every byte': (text) => bytesOf(text, (byte) => `%${byte}`),
  'in a form': (text) => new URLSearchParams({ '': text }).toString().slice(1),
  'quoted-printable': (text) => quotedPrintable(text),
  'quoted-printable, in short lines': (text) => quotedPrintable(text).replace(/(?:=..|[^=]){10}/gs, '$&=\r\n'),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'in hexadecimal digits': (text) => Buffer.from(text).toString('hex'),
} as const satisfies Readonly<Record<string, Spell>>;

/** What servers make of a text that was sent to them. Some are for texts of ISO 8859-1 alone, and leave others as they are. */
export const spellings: Readonly<Record<string, Spell>> = {
  ...escapes,
  'as it is': (text) => text,
  'escaped for JSON twice': (text) => escapes['escaped for JSON'](escapes['escaped for JSON'](text)),
  'escaped for JSON three times': (text) => escapes['escaped for JSON'](escapes['escaped for JSON'](escapes['escaped for JSON'](text))),
  'escaped for JavaScript, by bytes': (text) => bytesOf(text, (byte) => `\\x${byte}`),
  'escaped for JavaScript, by code point': (text) => text.replace(/[^a-z0-9]/giu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`),
  'escaped for JavaScript in ISO 8859-1': (text) => text.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`),
  'escaped for Python': (text) => text.replace(/[^a-z0-9]/giu, (char) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`),
  'escaped for C, by octal numbers': (text) => Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'in HTML, by the names of HTML 4': (text) => text.replace(/[&<>"\xa0-\xff]/g, (char) => entities.get(char) ?? char),
  'in HTML, by the names of HTML 5': (text) => text.replace(/[!#$%&*+,.:;<=>?@\\{}"()\xa0-\xff]/g, (char) => entities.get(char) ?? char),
  'in HTML, without the semicolons': (text) =>
    text.replace(/[<>"\xa0-\xff](?![\da-z;])/gi, (char) => (entities.get(char) ?? char).replace(';', '')),
  'as text of HTML': (text) => escapes['in HTML, by name'](escapes['in HTML, by name'](text)),
  'JSON in HTML': (text) => escapes['in HTML, by name'](escapes['escaped for JSON'](text)),
  'a URL in JSON': (text) => escapes['escaped for JSON with its slashes'](encodeURI(text)),
  'a URL in HTML': (text) => escapes['in HTML, by decimal number'](encodeURIComponent(text)),
  'in a URL twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in a URL three times': (text) => encodeURIComponent(encodeURIComponent(encodeURIComponent(text))),
  'in a URL of ISO 8859-1': (text) => text.replace(/[%\x80-\xff]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  'in a URL as escape() does': (text) => text.replace(/[^a-z0-9]/gi, (unit) => `%u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'decomposed (NFD)': (text) => text.normalize('NFD'),
  'composed (NFC)': (text) => text.normalize('NFC'),
  'in compatibility form (NFKC)': (text) => text.normalize('NFKC'),
  'decomposed, in a URL': (text) => encodeURIComponent(text.normalize('NFD')),
  'in full-width letters': (text) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'in upper case': (text) => text.toUpperCase(),
  'in lower case': (text) => text.toLowerCase(),
  'upside down in case': (text) =>
    Array.from(text, (char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  'without its accents': (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, ''),
  'with zero-width spaces': (text) => Array.from(text).join('\u200b'),
  'with soft hyphens': (text) => Array.from(text).join('\u00ad'),
  'with variation selectors': (text) => Array.from(text).join('\ufe0f'),
  'with combining grapheme joiners': (text) => Array.from(text).join('\u034f'),
  'written from right to left': (text) => `\u202e${Array.from(text).join('\u200f')}\u202c`,
  'with spaces between': (text) => Array.from(text).join(' '),
  'with tabs and line breaks between': (text) => Array.from(text).join('\t\r\n'),
  'with ideographic spaces between': (text) => Array.from(text).join('\u3000'),
  'with NUL between': (text) => Array.from(text).join('\0'),
  'in base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'in base64, the credentials of Basic': (text) => `Basic ${Buffer.from(`user@example.com:${text}`).toString('base64')}`,
  'in base64, a login body': (text) => Buffer.from(`{"id":"a","pw":"${text}"}`).toString('base64'),
  'in base64, a JSON body': (text) => Buffer.from(JSON.stringify({ id: 'a', password: text })).toString('base64'),
  'in base64, a form': (text) => Buffer.from(new URLSearchParams({ id: 'a', password: text }).toString()).toString('base64'),
  'in base64, in lines of 19': (text) => Buffer.from(`ab${text}`).toString('base64').replace(/.{19}/g, '$&\r\n'),
  'in base64, after other letters of it': (text) => `Zm9v${Buffer.from(`x${text}y`).toString('base64')}`,
  'in base64, whose + became spaces': (text) => Buffer.from(text).toString('base64').replaceAll('+', ' '),
  'in base64 twice': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  'in base64, decomposed': (text) => Buffer.from(text.normalize('NFD')).toString('base64'),
  'in base64 of UTF-16': (text) => Buffer.from(`a${text}`, 'utf16le').toString('base64'),
  'in hexadecimal digits, in upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'in hexadecimal digits, with colons': (text) => bytesOf(text, (byte) => `${byte}:`),
  'in hexadecimal digits, with spaces': (text) => bytesOf(text, (byte) => `${byte} `),
  'in hexadecimal digits, with hyphens': (text) => bytesOf(text, (byte) => `${byte}-`),
  'in hexadecimal digits, with 0x': (text) => bytesOf(text, (byte) => `0x${byte}, `),
  'in hexadecimal digits, with 0X': (text) => bytesOf(text, (byte) => `0X${byte.toUpperCase()}`),
  'in hexadecimal digits, with \\x in JSON': (text) => bytesOf(text, (byte) => `\\\\x${byte}`),
  'in hexadecimal digits of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('hex'),
  'as UTF-8 read as ISO 8859-1': (text) => Buffer.from(text).toString('latin1'),
  'as UTF-8 read as windows-1252': (text) => new TextDecoder('windows-1252').decode(Buffer.from(text)),
};

const named: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#039;'],
]);

/** Names of HTML 5, each behind its character. */
const entityNames =
  '&amp <lt >gt "quot éeacute ÉEacute çccedil ÇCcedil àagrave êecirc ïiuml äauml öouml ßszlig §sect £pound ÿyuml ÷divide øoslash °deg !excl #num ' +
  '$dollar %percnt *ast +plus ,comma .period :colon ;semi =equals ?quest @commat \\bsol {lcub }rcub (lpar )rpar';

const entities: ReadonlyMap<string, string> = new Map(entityNames.split(' ').map((each) => [each.charAt(0), `&${each.slice(1)};`]));

function bytesOf(text: string, write: (byte: string) => string): string {
  return Array.from(Buffer.from(text), (byte) => write(byte.toString(16).padStart(2, '0'))).join('');
}

function quotedPrintable(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte >= 33 && byte <= 126 && byte !== 61 ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
