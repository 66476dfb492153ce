import { headOf, http, json } from '../answer.ts';
import { type Exchange, type Fault, send, undocumented } from '../fault.ts';

const locations: readonly (readonly [where: string, location: (exchange: Exchange) => string])[] = [
  ['to the same origin', ({ origin }) => `${origin}/moved`],
  ['to a path', () => '/moved?a=1'],
  ['to another origin', ({ elsewhere }) => `${elsewhere}/taken`],
  ['to another origin, without its scheme', ({ elsewhere }) => elsewhere.replace('http:', '')],
  [
    'with the password and the token in it',
    ({ elsewhere, password, token }) => `${elsewhere}/?p=${encodeURIComponent(password)}&t=${token}`,
  ],
];

const followed = [301, 302, 303, 307, 308].flatMap((status) =>
  locations.map(([where, location]): Fault => ({
    name: `HTTP ${status} ${where}`,
    answer: (exchange) => [send(http(status, { location: location(exchange) }, ''))],
    login: { ...undocumented, vendorStatus: status },
    call: 'unchanged',
  })),
);

/** Redirects, which a login never follows. */
export const redirects: readonly Fault[] = [
  ...followed,
  { name: 'a redirect to nowhere', answer: () => [send(http(302, {}, ''))], login: undocumented, call: 'unchanged' },
  {
    name: 'a redirect to what is no URL',
    answer: () => [send(http(302, { location: 'http://[' }, ''))],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'a redirect to itself',
    answer: ({ origin, vendor }) => [send(http(307, { location: origin + vendor.callPath }, ''))],
    login: undocumented,
    call: 'unchanged',
    always: true,
  },
  {
    name: 'a redirect with the body of a success',
    answer: ({ good, elsewhere }) => [send(http(302, { ...json, location: elsewhere }, good.body))],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'a redirect by Refresh and in HTML',
    answer: ({ elsewhere }) => [
      send(
        http(
          200,
          { 'content-type': 'text/html', refresh: `0; url=${elsewhere}` },
          `<meta http-equiv=refresh content="0;url=${elsewhere}">`,
        ),
      ),
    ],
    login: undocumented,
    call: 'unchanged',
  },
  {
    name: 'a redirect with two locations',
    answer: ({ elsewhere }) => [send(headOf(302, { location: '/moved', Location: elsewhere, 'content-length': '0' }))],
    login: undocumented,
    call: 'unchanged',
  },
];
