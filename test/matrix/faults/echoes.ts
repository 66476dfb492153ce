import { spellings } from '../../../packages/auth-core/test/helpers/spellings.ts';
import { headOf, http, json, wire } from '../answer.ts';
import { broken, close, type Exchange, failed, type Fault, refused, send, undocumented } from '../fault.ts';

const renewedByStatus = { esignon: 'unchanged', datacomsys: 'renewed' } as const;

const spelled = Object.entries(spellings).map(([name, spell]): Fault => ({
  name: `a refusal that repeats the secrets, ${name}`,
  answer: ({ vendor, password, token }) => [send(wire(vendor.say('refused', `${spell(password)} / ${spell(token)} is not right`, token)))],
  login: { ...refused, saysNothing: true },
  call: renewedByStatus,
}));

/** In JSON and in a header. */
const both = ({ password, token }: Exchange): string => `${password} ${token}`;
const inHeader = ({ password, token }: Exchange): string =>
  `${encodeURIComponent(password)} ${Buffer.from(password).toString('latin1')} ${token}`;

/** Failures that repeat the secrets, in every spelling and at every place. */
export const echoes: readonly Fault[] = [
  ...spelled,
  {
    name: 'a refusal that repeats the token that comes with it',
    answer: ({ vendor, token }) => [send(wire(vendor.say('refused', `not token ${Buffer.from(token).toString('base64')}`, token)))],
    login: { ...refused, saysNothing: true },
    call: renewedByStatus,
  },
  {
    name: 'a refusal that repeats the token of the latest request',
    answer: ({ vendor, older }) => [send(wire(vendor.say('refused', `not token ${older}`)))],
    login: refused,
    call: renewedByStatus,
  },
  {
    name: 'a failure whose code is the password',
    answer: (exchange) => [send(http(200, json, JSON.stringify(exchange.vendor.failWith(exchange.password, 'no'))))],
    login: { esignon: failed, datacomsys: undocumented },
    call: 'unchanged',
  },
  {
    name: 'a failure whose members are named after the secrets',
    answer: (exchange) => [send(http(200, json, JSON.stringify({ [both(exchange)]: { [exchange.token]: both(exchange) } })))],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'the secrets in the reason phrase',
    answer: (exchange) => [send(`HTTP/1.1 418 ${inHeader(exchange)}\r\ncontent-length: 0\r\n\r\n`)],
    login: { esignon: undocumented, datacomsys: failed },
    call: 'unchanged',
  },
  {
    name: 'the secrets in every header',
    answer: (exchange) => {
      const value = inHeader(exchange);
      return [send(http(418, { 'www-authenticate': value, 'set-cookie': value, 'retry-after': value, date: value, link: value }, ''))];
    },
    login: { esignon: undocumented, datacomsys: failed },
    call: 'unchanged',
  },
  {
    name: 'the secrets on a page',
    answer: (exchange) => [send(http(404, { 'content-type': 'text/html' }, `<p>${both(exchange)}</p>`))],
    login: { esignon: undocumented, datacomsys: failed },
    call: 'unchanged',
  },
  {
    name: 'the secrets in what is no HTTP',
    answer: (exchange) => [send(`ERR ${both(exchange)}\r\n\r\n`), close],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'the secrets in the name of a header that is none',
    answer: (exchange) => [send(`HTTP/1.1 200 OK\r\n${both(exchange)}\r\n\r\n`), close],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'the secrets ahead of a cut',
    answer: (exchange) => [send(headOf(200, { ...json, 'content-length': '1000' }) + both(exchange)), close],
    login: broken,
    call: 'unchanged',
  },
];
