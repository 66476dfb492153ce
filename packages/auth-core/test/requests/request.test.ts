import { describe, expect, it } from 'vitest';

import {
  copyDeeply,
  copyRequest,
  isRemovedAbroad,
  mergeCookies,
  type OwnRequest,
  plainHeaders,
  type RequestOptions,
  setsAny,
  withToken,
} from '../../src/requests/request.ts';

const given = (headers: unknown): RequestOptions['headers'] => headers as RequestOptions['headers'];

describe('request headers', () => {
  it.each([{ a: '1', b: ['2', '3'], c: undefined }, ['a', '1', 'a', '2'], []])(
    'stay what they are as an object or a flat list: %j',
    (headers) => {
      expect(plainHeaders(given(headers))).toBe(headers);
    },
  );

  it.each([undefined, null])('are none where there are none: %s', (headers) => {
    expect(plainHeaders(given(headers))).toEqual({});
  });

  it.each([
    [
      'a Map',
      () =>
        new Map<unknown, unknown>([
          ['a', '1'],
          ['b', ['2']],
        ]),
      { a: '1', b: ['2'] },
    ],
    ['Headers', () => new Headers({ A: '1', b: '2' }), { a: '1', b: '2' }],
    [
      'pairs',
      () => [
        ['a', '1'],
        ['b', '2'],
      ],
      { a: '1', b: '2' },
    ],
    [
      'pairs without a value',
      () => [
        ['a', undefined],
        ['b', 7],
      ],
      { b: 7 },
    ],
    ['a name that is no text', () => new Map([[7, '1']]), { 7: '1' }],
    [
      'a name that comes again',
      () => [
        ['a', '1'],
        ['a', ['2', '3']],
        ['a', '4'],
      ],
      { a: ['1', '2', '3', '4'] },
    ],
    ['no pairs at all', () => new Map(), {}],
  ])('are read once into an object: %s', (_shape, make, expected) => {
    expect(plainHeaders(given(make()))).toEqual(expected);
    const once = (function* () {
      yield* make();
    })();
    expect(plainHeaders(given(once))).toEqual(expected);
  });

  it.each(['a: 1', 7, true, () => undefined])('are none that undici knows: %s', (headers) => {
    expect(plainHeaders(given(headers))).toBeUndefined();
  });

  it.each([new Set(['ab']), [['a', '1'], ['b']], [['a', '1', '2']], new Set([{ 0: 'a', 1: '1', length: 2 }])])(
    'that are iterated and are no pairs throw: %j',
    (headers) => {
      expect(() => plainHeaders(given(headers))).toThrow(new TypeError('headers: expected pairs of name and value'));
    },
  );

  it('are an object also without a prototype, and with an iterator that is its own or of its class', () => {
    const bare = Object.assign(Object.create(null) as object, { a: '1' });
    expect(plainHeaders(given(bare))).toBe(bare);
    const own = { [Symbol.iterator]: () => [['a', '1']].values() };
    expect(plainHeaders(given(own))).toEqual({ a: '1' });
    const inheriting = Object.create({ [Symbol.iterator]: () => [['a', '1']].values() }) as object;
    expect(plainHeaders(given(inheriting))).toEqual({ a: '1' });
  });

  it('are no iterable for an iterator that somebody put on Object.prototype', () => {
    const headers = { a: '1' };
    Reflect.defineProperty(Object.prototype, Symbol.iterator, { value: () => [].values(), configurable: true });
    try {
      expect(plainHeaders(headers)).toBe(headers);
    } finally {
      Reflect.deleteProperty(Object.prototype, Symbol.iterator);
    }
  });
});

describe('a header that the caller sets', () => {
  const names = ['authorization', 'x-token', 'cookie'];

  it.each([
    { Authorization: 'a' },
    { 'x-other': '1', 'X-TOKEN': '' },
    { 'x-token': ['a'] },
    ['a', '1', 'x-Token', 'b'],
    ['authorization', 'a'],
    [Buffer.from('Authorization'), Buffer.from('a')] as unknown as string[],
  ])('is seen in any case, in an object and in a list: %j', (headers) => {
    expect(setsAny(headers, names)).toBe(true);
  });

  it.each([
    {},
    [],
    { 'x-tokens': '1', 'x-toke': '1', 'x-tokem': '1' },
    { authorization: undefined },
    ['authorization', undefined] as unknown as string[],
    ['a', 'authorization', 'b', 'x-token'],
    { cookie: 'a=1', Cookie: 'b=2' },
    ['cookie', 'a=1'],
    Object.create({ authorization: 'inherited' }) as Record<string, string>,
  ])('is none of another name, without a value, a cookie, or inherited: %j', (headers) => {
    expect(setsAny(headers, names)).toBe(false);
  });

  it('is none where no names are asked for', () => {
    expect(setsAny({ authorization: 'a' }, [])).toBe(false);
  });
});

describe('cookies', () => {
  it.each([
    [[], 'sid=1', 'sid=1'],
    [['a=1'], 'sid=1', 'a=1; sid=1'],
    [['a=1;b=2 ;  c=3'], 'sid=1', 'a=1; b=2; c=3; sid=1'],
    [['a=1', 'b=2; sid=old'], 'sid=1; csrf=2', 'a=1; b=2; sid=1; csrf=2'],
    [[' sid = old; a=1=2;'], 'sid=1', 'a=1=2; sid=1'],
    [['', ';', ' ; '], 'sid=1', 'sid=1'],
    [['sid2=x; Sid=y; si=z'], 'sid=1', 'sid2=x; Sid=y; si=z; sid=1'],
    [['bare'], 'sid=1', 'bare; sid=1'],
    [['a=1'], ' a =2;b=3', ' a =2;b=3'],
  ])('of the caller %j and of the token %j travel together, and of one name the token’s counts', (own, tokenCookie, expected) => {
    expect(mergeCookies(own, tokenCookie)).toBe(expected);
  });
});

function request(more: Partial<RequestOptions> & { headers: OwnRequest['headers'] }): OwnRequest {
  return { origin: 'https://api.example.com', path: '/', method: 'GET', ...more };
}

describe('a copy of a request', () => {
  it('of one that waits has lists of its own among headers and parameters', () => {
    const headers = { a: ['1'], b: '2' };
    const query = { a: ['1'], b: 2 };
    const copy = copyDeeply(request({ headers, query }), headers);
    headers.a.push('3');
    query.a.push('3');
    Object.assign(headers, { b: '4' });
    expect(copy).toEqual(request({ headers: { a: ['1'], b: '2' }, query: { a: ['1'], b: 2 } }));
  });

  it.each([copyDeeply, copyRequest])('has headers, parameters and an origin of its own: %o', (copyOf) => {
    const list = ['a', '1'];
    const [query, origin] = [{ a: 1 }, new URL('https://api.example.com/x')];
    const copy = copyOf(request({ headers: list, query, origin }), list);
    list.push('b', '2');
    query.a = 2;
    origin.port = '8443';
    expect(copy).toEqual(request({ headers: ['a', '1'], query: { a: 1 } }));
    const headers = { a: '1' };
    const other = copyOf(request({ headers }), headers);
    headers.a = '2';
    expect(other).toEqual(request({ headers: { a: '1' } }));
  });

  it.each([undefined, null, '', 0])('has what the caller gave in place of parameters: %j', (query) => {
    const options = { ...request({ headers: {} }), query } as unknown as RequestOptions;
    expect(copyRequest(options, {})).toEqual({ ...options, headers: {} });
  });

  it('has the origin as it is where that is a text or missing', () => {
    expect(copyRequest({ path: '/', method: 'GET' }, {})).toEqual({ path: '/', method: 'GET', headers: {} });
    expect(copyRequest(request({ headers: {} }), {}).origin).toBe('https://api.example.com');
  });
});

describe('a request with a token', () => {
  it('has the token’s headers beside its own, which are not changed', () => {
    const own = request({ headers: { a: '1' } });
    expect(withToken(own, { authorization: 't', 'proxy-authorization': 'p' }, true)).toEqual(
      request({ headers: { a: '1', authorization: 't', 'proxy-authorization': 'p' } }),
    );
    expect(own.headers).toEqual({ a: '1' });
    const list = request({ headers: ['a', '1'] });
    expect(withToken(list, { authorization: 't' }, false)).toEqual(request({ headers: ['a', '1', 'authorization', 't'] }));
    expect(list.headers).toEqual(['a', '1']);
  });

  it.each([
    { headers: { a: '1', Cookie: 'b=2', c: undefined } },
    { headers: ['a', '1', 'COOKIE', 'b=2'] },
    { headers: [Buffer.from('a'), Buffer.from('1'), Buffer.from('Cookie'), Buffer.from('b=2')] as unknown as string[] },
    { headers: { a: '1', cookie: ['b=2', 'sid=old'] } },
    { headers: ['a', '1', 'cookie', 'b=2', 'cookie', 'sid=old', 'c', undefined] as unknown as string[] },
  ])('has one cookie header with the caller’s and its own: $headers', ({ headers }) => {
    const { headers: sent } = withToken(request({ headers }), { cookie: 'sid=1', authorization: 't' }, true);
    expect(sent).toEqual({ a: '1', authorization: 't', cookie: 'b=2; sid=1' });
  });

  it('has its own cookie alone where the caller has none', () => {
    expect(withToken(request({ headers: { cookie: undefined } }), { cookie: 'sid=1' }, true).headers).toEqual({ cookie: 'sid=1' });
  });

  it('tells undici 8 which headers must not go along to another origin, besides those that the caller named', () => {
    const tokenHeaders = { authorization: 't', 'x-token': 't', 'x-csrf': 'c' };
    expect(withToken(request({ headers: {} }), tokenHeaders, true)).toEqual({
      ...request({ headers: tokenHeaders }),
      stripHeadersOnCrossOriginRedirect: ['x-token', 'x-csrf'],
    });
    const named = { ...request({ headers: {} }), stripHeadersOnCrossOriginRedirect: ['x-own'] };
    expect(withToken(named, tokenHeaders, true)).toMatchObject({ stripHeadersOnCrossOriginRedirect: ['x-own', 'x-token', 'x-csrf'] });
  });

  it('is redirected by nobody further in with undici 7 where its header would go along', () => {
    expect(withToken(request({ headers: {} }), { 'x-token': 't' }, false)).toEqual({
      ...request({ headers: { 'x-token': 't' } }),
      maxRedirections: 0,
    });
    expect(withToken(request({ headers: {} }), { cookie: 't=1' }, false)).toEqual(request({ headers: { cookie: 't=1' } }));
  });

  it.each([
    ['authorization', true],
    ['cookie', true],
    ['proxy-authorization', true],
    ['x-auth-token', false],
  ])('has a header %s that every client removes on the way to another origin: %s', (name, expected) => {
    expect(isRemovedAbroad(name)).toBe(expected);
  });
});
