import { http, json } from '../answer.ts';
import { type Exchange, failed, type Fault, type LoginExpectation, send, undocumented, works } from '../fault.ts';

function body(name: string, text: (exchange: Exchange) => string, login: Fault['login']): Fault {
  return { name, answer: (exchange) => [send(http(200, json, text(exchange)))], login, call: 'unchanged' };
}

const values: readonly (readonly [name: string, text: string])[] = [
  ['null', 'null'],
  ['an array', '[]'],
  ['an empty object', '{}'],
  ['a string', '"00"'],
  ['a number', '200'],
  ['true', 'true'],
  ['nothing but spaces', '   \r\n'],
  ['NaN', 'NaN'],
  ['an object in single quotes', "{'status':200}"],
  ['XML', '<?xml version="1.0"?><status>200</status>'],
  ['a call of a function', 'callback({"status":200})'],
  ['a hundred thousand brackets', '['.repeat(100_000)],
  ['a hundred thousand nested arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['a number of 100,000 digits', '9'.repeat(100_000)],
];

const tokens: readonly (readonly [name: string, token: unknown])[] = [
  ['empty', ''],
  ['a space', ' '],
  ['null', null],
  ['a number', 12_345],
  ['true', true],
  ['an object', { value: 'abc' }],
  ['an array', ['abc']],
  ['two header lines', 'abc\r\nx-injected: yes'],
  ['a text with NUL', 'abc\0def'],
  ['beyond ISO 8859-1', '토큰이'],
  ['half a character', 'abc\ud800'],
  ['a text with a space ahead', ' abc'],
];

/** The success of a login around one hostile value, and a harmless answer to a call. */
const success = (exchange: Exchange, token: unknown, further?: object): string => JSON.stringify(exchange.vendor.success(token, further));

/** The good answer, with further members ahead of it. */
const preceded = (members: string, { good }: Exchange): string => `{${members},${good.body.slice(1)}`;

const codes: readonly (readonly [name: string, code: unknown, esignon: LoginExpectation, datacomsys: LoginExpectation])[] = [
  ['an object', {}, undocumented, undocumented],
  ['an array', ['00'], undocumented, undocumented],
  ['null', null, undocumented, undocumented],
  ['true', true, undocumented, undocumented],
  ['an unknown word', 'constructor', failed, undocumented],
  ['a fraction', 0.5, failed, undocumented],
];

const ends: readonly unknown[] = [{}, [], 1e308, -1, 'constructor', '2020-02-30', '99999999999999999999', '\0', null, true];

/** Bodies that are not the JSON that the vendor documents, or only just. */
export const hostileJson: readonly Fault[] = [
  ...values.map(([name, text]) => body(`a body of ${name}`, () => text, undocumented)),
  ...tokens.map(([name, token]) => body(`a token that is ${name}`, (exchange) => success(exchange, token), undocumented)),
  ...codes.map(([name, code, esignon, datacomsys]) =>
    body(`a result that is ${name}`, ({ vendor }) => JSON.stringify(vendor.failWith(code, 'no')), { esignon, datacomsys }),
  ),
  ...ends.map((end) =>
    body(`an end that is ${JSON.stringify(end)}`, (exchange) => success(exchange, exchange.token, { expire_date: end }), works),
  ),
  body('half of a good body', ({ good }) => good.body.slice(0, good.body.length >> 1), undocumented),
  body('a good body with a comma at its end', ({ good }) => `${good.body.slice(0, -1)},}`, undocumented),
  body('a good body with a comment', ({ good }) => `/* ok */${good.body}`, undocumented),
  body('two good bodies', ({ good }) => good.body + good.body, undocumented),
  body('a good body behind __proto__', (exchange) => `{"__proto__":${exchange.good.body}}`, undocumented),
  body('a good body beside __proto__', (exchange) => preceded('"__proto__":{"status":401,"polluted":true}', exchange), works),
  body('a good body beside deep nesting', (exchange) => preceded(`"x":${'['.repeat(50_000)}${']'.repeat(50_000)}`, exchange), works),
  body('a good body just below 1 MiB', ({ good }) => good.body.padEnd(2 ** 20 - 200, ' '), works),
  body('a good body just above 1 MiB', ({ good }) => good.body.padEnd(2 ** 20 + 200, ' '), undocumented),
];
