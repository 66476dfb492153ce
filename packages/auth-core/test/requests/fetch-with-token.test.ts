import { describe, expect, it, vi } from 'vitest';

import { prepareFetch } from '../../src/requests/fetch-call.ts';
import { fetchWithToken } from '../../src/requests/fetch-with-token.ts';
import type { TokenHeaders } from '../../src/requests/request.ts';

const home = 'https://api.example.com';
const ownHeader = { 'x-token': 't' };

/** A response whose head a fetch with `redirect: 'manual'` shows. */
const answer = (status: number, location?: string): Response =>
  new Response(null, { status, headers: location === undefined ? {} : { location } });

/** Makes a call over a fetch that gives these answers in turn, and tells what was sent. */
async function call(answers: readonly (Response | undefined)[], init: RequestInit = {}, tokenHeaders: TokenHeaders = ownHeader) {
  const sent: string[] = [];
  const redirects: (string | undefined)[] = [];
  let count = 0;
  const send: typeof fetch = async (input, made) => {
    const url = input instanceof Request ? input.url : String(input);
    const token = new Headers(made?.headers).get('x-token');
    redirects.push(made?.redirect);
    sent.push(
      `${made?.method ?? 'GET'} ${url}${typeof made?.body === 'string' ? ` ${made.body}` : ''}${token === null ? '' : ' with token'}`,
    );
    const next = answers[Math.min(count, answers.length - 1)];
    count += 1;
    return next as Response; // a stub of a fetch may answer nothing
  };
  const prepared = prepareFetch({ input: `${home}/start#here`, init }, undefined);
  const outcome = await fetchWithToken(prepared, send, tokenHeaders).catch((error: unknown) => error);
  return { sent, redirects, outcome };
}

const ok = answer(200);
const failure = (why: string) => expect.objectContaining({ name: 'TypeError', message: 'fetch failed', cause: new Error(why) });
const text = { method: 'POST', body: 'text' };

describe('a redirect, for a token in a header of its own', () => {
  it.each([
    [301, 'POST', `GET ${home}/end#here with token`],
    [302, 'POST', `GET ${home}/end#here with token`],
    [303, 'POST', `GET ${home}/end#here with token`],
    [307, 'POST', `POST ${home}/end#here text with token`],
    [308, 'POST', `POST ${home}/end#here text with token`],
    [301, 'PUT', `PUT ${home}/end#here text with token`],
    [302, 'PUT', `PUT ${home}/end#here text with token`],
    [303, 'PUT', `GET ${home}/end#here with token`],
    [307, 'PUT', `PUT ${home}/end#here text with token`],
  ])('of status %i is followed as fetch does: a %s becomes %s', async (status, method, expected) => {
    const { sent, outcome } = await call([answer(status, '/end'), ok], { ...text, method });
    expect(sent).toEqual([`${method} ${home}/start#here text with token`, expected]);
    expect(outcome).toEqual({ response: ok, wasRedirected: true, carriedToken: true });
  });

  it.each(['GET', 'HEAD'])('of status 303 leaves a %s what it is', async (method) => {
    const { sent } = await call([answer(303, '/end'), ok], { method });
    expect(sent.at(-1)).toBe(`${method} ${home}/end#here with token`);
  });

  it('is left to us by the fetch, at each step', async () => {
    const { redirects } = await call([answer(302, '/middle'), answer(302, '/end'), ok]);
    expect(redirects).toEqual(['manual', 'manual', 'manual']);
  });

  it.each([200, 300, 304, 305, 401])('is none where the status is %i, whatever the location', async (status) => {
    const response = answer(status, '/end');
    const { sent, outcome } = await call([response]);
    expect(sent).toHaveLength(1);
    expect(outcome).toEqual({ response, wasRedirected: false, carriedToken: true });
  });

  it('is none without a location', async () => {
    const response = answer(302);
    expect((await call([response])).outcome).toEqual({ response, wasRedirected: false, carriedToken: true });
  });

  it('is followed twenty times, and no more', async () => {
    const redirect = answer(302, '/next');
    const twenty = Array.from({ length: 20 }, () => redirect);
    const { sent, outcome } = await call([...twenty, ok]);
    expect([sent.length, outcome]).toEqual([21, { response: ok, wasRedirected: true, carriedToken: true }]);
    expect((await call([...twenty, redirect, ok])).outcome).toEqual(failure('redirect count exceeded'));
  });

  it.each([
    ['next?a=1', `${home}/next?a=1#here`],
    ['/next#there', `${home}/next#there`],
    ['', `${home}/start#here`],
    [Buffer.from('/größe').toString('latin1'), `${home}/gr%C3%B6%C3%9Fe#here`],
    [Buffer.from('é').toString('latin1'), `${home}/%C3%A9#here`],
    ['//other.example/x', 'https://other.example/x#here'],
    ['http://api.example.com/x', 'http://api.example.com/x#here'],
  ])('leads to where its location is from where it came: %j', async (location, url) => {
    const { sent } = await call([answer(307, location), ok]);
    expect(sent.at(-1)?.replace(' with token', '')).toBe(`GET ${url}`);
  });

  it.each([
    'ftp://api.example.com/',
    'xhttp://x.example',
    'data:,x',
    'http://',
    'https://user@api.example.com/',
    'https://:password@api.example.com/',
  ])('fails as in fetch where it leads to no http(s) URL, or to one with a user name or password: %s', async (location) => {
    const { sent, outcome } = await call([answer(307, location), ok]);
    expect(sent).toHaveLength(1);
    expect(outcome).toEqual(failure('the redirect leads to no http(s) URL, or to one with a user name or password'));
  });

  it('fails where the body is a stream that would have to be sent again, and only there', async () => {
    const stream = () => ({ method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' as const });
    for (const status of [301, 302, 307, 308]) {
      const { outcome } = await call([answer(status, '/end'), ok], stream());
      expect(outcome).toEqual(failure('the body is a stream, which cannot be sent again where the redirect leads: give text or bytes'));
    }
    const { sent } = await call([answer(303, '/middle'), answer(307, '/end'), ok], stream());
    expect(sent.slice(1)).toEqual([`GET ${home}/middle#here with token`, `GET ${home}/end#here with token`]);
  });

  it('to another origin loses the token for good, also on the way back', async () => {
    const { sent, outcome } = await call([answer(307, 'https://other.example/x'), answer(307, `${home}/back`), answer(307, '/end'), ok]);
    expect(sent).toEqual([
      `GET ${home}/start#here with token`,
      'GET https://other.example/x#here',
      `GET ${home}/back#here`,
      `GET ${home}/end#here`,
    ]);
    expect(outcome).toEqual({ response: ok, wasRedirected: true, carriedToken: false });
  });

  it('releases the body of each response on the way, and nothing breaks where that fails', async () => {
    const redirect = new Response('moved', { status: 302, headers: { location: '/end' } });
    const cancel = vi.spyOn(redirect.body ?? expect.fail('no body'), 'cancel').mockRejectedValue(new Error('gone'));
    expect((await call([redirect, ok])).outcome).toMatchObject({ response: ok });
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe('a call whose redirects are the fetch’s own', () => {
  it.each([
    ['the token’s headers are removed abroad by every fetch', {}, { authorization: 't', cookie: 'a=1' }],
    ['its caller follows none', { redirect: 'manual' as const }, ownHeader],
    ['its caller wants none', { redirect: 'error' as const }, ownHeader],
  ])('is made once: %s', async (_why, init, tokenHeaders) => {
    const { sent, outcome } = await call([answer(302, '/end'), ok], init, tokenHeaders);
    expect(sent).toHaveLength(1);
    expect(outcome).toMatchObject({ wasRedirected: false, carriedToken: true });
  });

  const fetched = (more: Partial<Response>): Response => Object.defineProperties(new Response(), Object.getOwnPropertyDescriptors(more));

  it.each([
    ['the same origin', fetched({ redirected: true, url: `${home}/end`, type: 'basic' }), true, true],
    ['another origin', fetched({ redirected: true, url: 'https://other.example/', type: 'cors' }), true, false],
    ['another origin and back', fetched({ redirected: true, url: `${home}/end`, type: 'cors' }), true, false],
    ['another origin, which no type tells', fetched({ redirected: true, url: 'https://other.example/', type: 'basic' }), true, false],
    ['nowhere, by a response of type cors', fetched({ redirected: false, url: `${home}/start`, type: 'cors' }), false, true],
    ['nowhere, by a response without a URL', fetched({ redirected: false, url: '', type: 'default' }), false, true],
    ['nowhere, by no response at all', undefined, false, false],
  ])('tells whether its answer is one to the token: redirected to %s', async (_where, response, wasRedirected, carriedToken) => {
    const { outcome } = await call([response], {}, { authorization: 't' });
    expect(outcome).toEqual({ response, wasRedirected, carriedToken });
  });
});
