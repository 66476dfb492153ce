import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ResponseProbe } from '../../src/index.ts';
import { TEXT_LIMIT, WIRE_LIMIT, type PrefixDecoder } from '../../src/requests/decode.ts';
import { announcedLength, BodyJudge, BodyProbe, hasJsonBody, HeadProbe, KnownBeginnings } from '../../src/requests/judge.ts';
import { testProvider } from './helpers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Look {
  readonly length: number;
  readonly complete: boolean | undefined;
}

/** A judge of a body, which writes down each look into it and what was decided. */
function setUp(
  { length, decode = null }: { length?: number; decode?: PrefixDecoder | null } = {},
  verdict: (probe: ResponseProbe) => boolean | 'need-body' = () => 'need-body',
) {
  const chunks: Buffer[] = [];
  const looks: Look[] = [];
  const decisions: unknown[] = [];
  const isRejection = (probe: ResponseProbe): boolean | 'need-body' => {
    looks.push({ length: probe.body?.length ?? -1, complete: probe.complete });
    return verdict(probe);
  };
  const judge = new BodyJudge({
    provider: testProvider(['https://vendor.example'], isRejection),
    head: new HeadProbe(200, { 'x-head': 'h' }, 'OK'),
    chunks,
    decode,
    length,
    decided: (rejected) => void decisions.push(rejected),
    failed: (error) => void decisions.push(error),
  });
  const add = (...sizes: number[]): void => {
    for (const size of sizes) {
      chunks.push(Buffer.alloc(size, 'x'));
      judge.added(size);
    }
  };
  return { judge, looks, decisions, add, chunks };
}

describe('the head of a response', () => {
  it('has each header as one text, whether it came once or several times', () => {
    const head = new HeadProbe(401, { 'content-type': 'a', 'content-encoding': ['gzip', 'br'], 'x-a': ['1', '2'] }, 'No');
    expect([head.status, head.message, head.contentType, head.contentEncoding]).toEqual([401, 'No', 'a', 'gzip, br']);
    expect([head.header('x-a'), head.header('x-b')]).toEqual(['1, 2', undefined]);
    const bare = new HeadProbe(200, {}, undefined);
    expect([bare.message, bare.contentType, bare.contentEncoding]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['7', 7],
    ['0', 0],
    [undefined, undefined],
  ])('announces its length: %j', (text, expected) => {
    expect(announcedLength(new HeadProbe(200, { 'content-length': text }, undefined))).toBe(expected);
  });

  it('announces no length that ever comes where that is no number', () => {
    expect(announcedLength(new HeadProbe(200, { 'content-length': '7, 7' }, undefined))).toBeNaN();
  });
});

it.each([
  ['text/plain;application/json', false],
  ['xapplication/json', false],
  ['application/json ', true],
  ['APPLICATION/VND.ACME+JSON;v=1', true],
  ['application/json+xml', false],
  ['', false],
])('a body of type %j speaks of the token: %s', (type, expected) => {
  expect(hasJsonBody('GET', 200, type)).toBe(expected);
});

describe('a growing body', () => {
  it('is looked into with each of its first sixteen chunks, then as it doubles, or 10 ms after it stalls', () => {
    const { looks, add } = setUp();
    add(...Array<number>(16).fill(10));
    expect(looks).toHaveLength(16);
    add(10);
    expect(looks).toHaveLength(16);
    vi.advanceTimersByTime(9);
    add(10);
    expect(looks).toHaveLength(16);
    vi.advanceTimersByTime(1);
    expect(looks.at(-1)).toEqual({ length: 180, complete: false });
    expect([looks.length, vi.getTimerCount()]).toEqual([17, 0]);
    add(179);
    expect(looks).toHaveLength(17);
    add(1);
    expect([looks.length, vi.getTimerCount(), looks.at(-1)]).toEqual([18, 0, { length: 360, complete: false }]);
  });

  it('is complete with its announced length, also in small chunks', () => {
    const { looks, decisions, add } = setUp({ length: 18 });
    add(...Array<number>(18).fill(1));
    expect(looks).toHaveLength(17);
    expect(looks.at(-1)).toEqual({ length: 18, complete: true });
    expect([decisions, vi.getTimerCount()]).toEqual([[false], 0]);
  });

  it('is complete when it ends, and nothing is not looked into', () => {
    const { judge, looks, decisions, add } = setUp();
    add(0, 5, 0);
    judge.end();
    expect(looks).toEqual([
      { length: 5, complete: false },
      { length: 5, complete: true },
    ]);
    expect(decisions).toEqual([false]);
  });

  it('may be empty', () => {
    const { judge, looks, decisions } = setUp({}, (probe) => probe.body === '');
    judge.end();
    expect([looks, decisions]).toEqual([[{ length: 0, complete: true }], [true]]);
  });

  it.each([true, false])('is decided once, as soon as its beginning tells (%s)', (verdict) => {
    const { judge, looks, decisions, add } = setUp({}, (probe) => (probe.body === 'xx' ? verdict : 'need-body'));
    add(1, 1, 1);
    judge.end();
    vi.runAllTimers();
    expect([looks.length, decisions]).toEqual([2, [verdict]]);
  });

  it('is no rejection where its first 16 KiB do not tell', () => {
    const { looks, decisions, add, judge } = setUp();
    add(TEXT_LIMIT);
    expect([looks.at(-1), decisions]).toEqual([{ length: TEXT_LIMIT, complete: false }, []]);
    add(1);
    expect([looks.at(-1), decisions]).toEqual([{ length: TEXT_LIMIT, complete: false }, [false]]);
    judge.end();
    expect(decisions).toHaveLength(1);
  });

  it('is no rejection as soon as it is longer than that, also in small chunks', () => {
    const { looks, decisions, add } = setUp();
    add(...Array<number>(16).fill(1), 9_000);
    expect(looks).toHaveLength(17);
    add(TEXT_LIMIT - 9_015);
    expect([looks.at(-1), decisions]).toEqual([{ length: TEXT_LIMIT, complete: false }, [false]]);
  });

  it('is no rejection where the text in it is longer than that, however short it is encoded', () => {
    const { decisions, add } = setUp({ decode: () => Buffer.alloc(TEXT_LIMIT + 1, 'y') });
    add(10);
    expect(decisions).toEqual([false]);
  });

  it('of 16 KiB is looked into as a whole, and of more never', () => {
    const whole = setUp({ length: TEXT_LIMIT });
    whole.add(TEXT_LIMIT);
    expect(whole.looks).toEqual([{ length: TEXT_LIMIT, complete: true }]);
    const more = setUp({ length: TEXT_LIMIT + 1 });
    more.add(TEXT_LIMIT + 1);
    expect(more.looks).toEqual([{ length: TEXT_LIMIT, complete: false }]);
  });

  it('that is encoded is decoded from its beginning each time, up to the limit of its bytes', () => {
    const seen: number[] = [];
    const decode: PrefixDecoder = (bytes) => {
      seen.push(bytes.length);
      return Buffer.from('y'.repeat(Math.min(bytes.length, 3)));
    };
    const { looks, decisions, add } = setUp({ decode });
    add(1, 2, WIRE_LIMIT - 3);
    expect([seen, looks.at(-1), decisions]).toEqual([[1, 3, WIRE_LIMIT], { length: 3, complete: false }, []]);
    add(1);
    expect([seen.at(-1), looks.at(-1), decisions]).toEqual([WIRE_LIMIT, { length: 3, complete: false }, [false]]);
  });

  it('that is encoded is complete where all of it was decoded, and never beyond the limits', () => {
    const decode: PrefixDecoder = () => Buffer.from('y');
    const whole = setUp({ decode, length: WIRE_LIMIT });
    whole.add(WIRE_LIMIT);
    expect(whole.looks).toEqual([{ length: 1, complete: true }]);
    const more = setUp({ decode, length: WIRE_LIMIT + 1 });
    more.add(WIRE_LIMIT + 1);
    expect(more.looks).toEqual([{ length: 1, complete: false }]);
    const bomb = setUp({ decode: () => Buffer.alloc(TEXT_LIMIT + 1, 'y'), length: 10 });
    bomb.add(10);
    expect([bomb.looks, bomb.decisions]).toEqual([[{ length: TEXT_LIMIT, complete: false }], [false]]);
  });

  it('is not judged any more once nobody needs the verdict', () => {
    const { judge, looks, decisions, add } = setUp();
    add(...Array<number>(17).fill(10));
    judge.cancel();
    expect(vi.getTimerCount()).toBe(0);
    add(1_000);
    judge.end();
    expect([looks.length, decisions]).toEqual([16, []]);
  });

  it('fails once where isRejection throws', () => {
    const error = new Error('a bug');
    const { judge, decisions, add } = setUp({}, () => {
      throw error;
    });
    add(1, 1);
    judge.end();
    expect(decisions).toEqual([error]);
  });

  it('is shown with its head, and tells whether that was asked for', () => {
    const probe = new BodyProbe(new HeadProbe(200, { 'x-head': 'h' }, 'OK'), 'body', true);
    expect([probe.status, probe.body, probe.complete, probe.askedForHeaders]).toEqual([200, 'body', true, false]);
    expect([probe.header('x-head'), probe.header('x-none'), probe.askedForHeaders]).toEqual(['h', undefined, true]);
  });
});

describe('how answers begin', () => {
  const bytes = (length: number, fill = 'a'): Uint8Array => Buffer.alloc(length, fill);

  it.each([
    [100, () => true, 16],
    [100, (length: number) => length >= 17, 32],
    [100, (length: number) => length >= 33, 64],
    [40, () => true, 16],
    [40, (length: number) => length >= 33, 40],
    [16, () => true, 16],
    [3, () => true, 3],
  ])('is known by as few bytes as it takes: of %i', (length, isGood, known) => {
    const beginnings = new KnownBeginnings();
    expect(beginnings.learn(200, bytes(length), isGood)).toBe(true);
    expect([beginnings.has(200, bytes(known)), beginnings.has(200, bytes(known - 1))]).toEqual([true, false]);
  });

  it('is not known where nothing came, or it tells of nothing good', () => {
    const beginnings = new KnownBeginnings();
    expect(beginnings.learn(200, bytes(0), () => true)).toBe(false);
    expect(beginnings.learn(200, bytes(80), (length) => length < 64)).toBe(false);
    expect([beginnings.has(200, bytes(80)), beginnings.has(200, bytes(0))]).toEqual([false, false]);
  });

  it('is known by every byte of it', () => {
    const beginnings = new KnownBeginnings();
    beginnings.learn(200, Buffer.from('abcdefghijklmnop'), () => true);
    for (const other of ['Abcdefghijklmnop', 'abcdefgHijklmnop', 'abcdefghijklmnoP'])
      expect(beginnings.has(200, Buffer.from(other))).toBe(false);
    expect(beginnings.has(200, Buffer.from('abcdefghijklmnopq'))).toBe(true);
  });
});
