import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createAuthFetch } from '../../src/index.ts';
import { tokenHeaderNames } from '../../src/provider-internals.ts';
import { times } from '../helpers/times.ts';
import { status401, testProvider } from './helpers.ts';

const home = 'https://api.example.com';
const token = 'token-that-stays-home';

/** What the server of one request answers. */
interface Answer {
  readonly status: number;
  readonly location: string | undefined;
}

/** One request as it was sent. */
interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly hasBody: boolean;
}

/** Places of the same origin, in several spellings. */
const atHome = ['/next', 'next', '?a=1', '', '//api.example.com/x', 'https://API.example.com:443/x', `${home}/x`, 'https:/x', '\\next'];
/** Places of others, by host, port, scheme, or a name that only looks like the vendor's; and what is no place at all. */
const abroad = [
  'https://evil.example/',
  '//evil.example/x',
  'http://api.example.com/',
  'https://api.example.com:444/',
  'https://api.example.com.evil.example/',
  'https://api.example.com@evil.example/',
  'https://user:password@api.example.com/',
  'ftp://api.example.com/',
  'data:,x',
  'https://',
  '\\\\evil.example/x',
  '/\\evil.example/x',
  ' https://evil.example/',
];
const location = fc.constantFrom(...atHome, ...abroad);
const answer: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(301, 302, 303, 307, 308),
  location: fc.oneof({ weight: 20, arbitrary: location }, { weight: 1, arbitrary: fc.constant(undefined) }),
});
/** Few go on for long where every place is as likely as the other: some stay at home until the redirects are too many. */
const endless = fc.array(fc.record({ status: fc.constantFrom(301, 302, 303, 307, 308), location: fc.constantFrom('/next', '?a=1') }), {
  minLength: 18,
  maxLength: 24,
});
const way = fc.oneof({ weight: 4, arbitrary: fc.array(answer, { maxLength: 8 }) }, { weight: 1, arbitrary: endless });
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE');
const last = fc.constantFrom(200, 401, 404, 304);

/** A fetch that never follows a redirect itself and answers in turn; after that with this status. */
function stubFetch(answers: readonly Answer[], end: number): { send: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    async send(input, init) {
      const next = answers[sent.length];
      const url = input instanceof Request ? input.url : String(input);
      sent.push({ url, method: init?.method ?? 'GET', headers: new Headers(init?.headers), hasBody: (init?.body ?? null) !== null });
      expect(init?.redirect).toBe('manual');
      const headers = next?.location === undefined ? {} : { location: next.location };
      return new Response(null, { status: next?.status ?? end, headers });
    },
  };
}

/** Where a way leads, told by the URL parser alone: which requests of it are at home, and have been there all the time. */
function staysHome(sent: readonly Sent[]): boolean[] {
  let left = false;
  return sent.map(({ url }) => !(left ||= new URL(url).origin !== home));
}

const numRuns = times({ usually: 500, full: 10_000 });

test(
  `over any redirects a token in a header of its own goes to the vendor's origin alone, and not back there from abroad (${numRuns} ways)`,
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(way, method, last, fc.boolean(), async (answers, name, end, withBody) => {
        const own = { requestHeaders: () => ({ 'x-token': token }), [tokenHeaderNames]: () => ['x-token'] };
        const provider = Object.assign(testProvider([home], status401), own);
        // A rejection is handed out: the repeat would be a way of its own.
        provider.budget = 0;
        const { send, sent } = stubFetch(answers, end);
        const body = withBody && name !== 'GET' && name !== 'HEAD' ? { body: 'text' } : {};
        const headers = { authorization: 'own', cookie: 'a=1', 'x-own': '1' };
        const outcome = await createAuthFetch(provider, { fetch: send })(`${home}/start`, { method: name, headers, ...body }).catch(
          (error: unknown) => error,
        );
        const homely = staysHome(sent);
        expect(sent.map((one) => one.headers.get('x-token'))).toEqual(homely.map((isHome) => (isHome ? token : null)));
        expect(sent.map((one) => one.headers.get('authorization'))).toEqual(homely.map((isHome) => (isHome ? 'own' : null)));
        expect(sent.map((one) => one.headers.get('cookie'))).toEqual(homely.map((isHome) => (isHome ? 'a=1' : null)));
        expect(sent.map((one) => one.headers.get('x-own'))).toEqual(sent.map(() => '1'));
        expect(sent.length).toBeLessThanOrEqual(21);
        for (const one of sent) expect(one.url).toMatch(/^https?:\/\/[^@]*$/);
        // Once it is without its body, it stays so.
        expect(sent.map((one) => one.hasBody).join()).toMatch(/^(?:true,?)*(?:false,?)*$/);
        expect(outcome instanceof Response || outcome instanceof TypeError).toBe(true);
        if (outcome instanceof TypeError) expect(outcome.message).toBe('fetch failed');
      }),
      { numRuns },
    );
  },
);
