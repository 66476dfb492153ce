import { createHash, pbkdf2Sync } from 'node:crypto';

import { memoryStore } from '@x/auth-core';
import { describe, expect, it } from 'vitest';

import {
  deriveEntryKey,
  processEntryKey,
  formatFailure,
  isSealed,
  longestPause,
  parseFailure,
  parseRefusal,
  parseRefusals,
  parseToken,
  seal,
  unseal,
} from '../../src/lifecycle/store-entries.ts';

const now = Date.UTC(2026, 10, 25);
const refusal = { code: 'INVALID_CREDENTIALS', vendorCode: '10', vendorMessage: 'no', count: 1, until: now, duration: 0 };
const failure = {
  code: 'NETWORK',
  message: 'acme: no connection',
  vendorCode: 'a',
  vendorMessage: 'b',
  vendorStatus: 503,
  attempts: 3,
  retryable: true,
  final: false,
  pause: 0,
  pauseUntil: -1.5,
  failures: 0,
  id: 'x',
} as const;
const refusals = { refused: ['a', 'b'], count: 0, last: now };

const without = (entry: object, name: string): object => ({ ...entry, [name]: undefined });

describe('an entry that is read', () => {
  it.each([
    refusal,
    { ...refusal, code: 'NOT_ALLOWED', count: 7, until: -1.5, duration: 1e300 },
    { code: 'NOT_ALLOWED', count: 1, until: 0, duration: 1 },
  ])('is a refusal with all that one has: %j', (entry) => {
    expect(parseRefusal(JSON.stringify(entry))).toEqual(entry);
  });

  it.each([
    ...['code', 'count', 'until', 'duration'].map((name) => without(refusal, name)),
    { ...refusal, code: 'NETWORK' },
    { ...refusal, count: 0 },
    { ...refusal, count: 1.5 },
    { ...refusal, duration: -1 },
    { ...refusal, vendorCode: 7 },
    { ...refusal, vendorMessage: 7 },
    { ...refusal, until: '0' },
  ])('is no refusal where a field is missing or of another kind: %j', (entry) => {
    expect(parseRefusal(JSON.stringify(entry))).toBeUndefined();
  });

  it.each(['VENDOR_ERROR', 'BAD_RESPONSE', 'NETWORK', 'TIMEOUT'] as const)('is a failure as it was written: %s', (code) => {
    expect(parseFailure(formatFailure({ ...failure, code }) ?? '')).toEqual({ ...failure, code });
  });

  it('is a failure also without what the vendor said', () => {
    const { vendorCode: _, vendorMessage: __, vendorStatus: ___, attempts: ____, ...least } = failure;
    expect(parseFailure(JSON.stringify(least))).toEqual(least);
  });

  it.each([
    ...['code', 'message', 'retryable', 'final', 'pause', 'pauseUntil', 'failures', 'id'].map((name) => without(failure, name)),
    { ...failure, code: 'INVALID_CREDENTIALS' },
    { ...failure, pause: -1 },
    { ...failure, failures: -1 },
    { ...failure, failures: 0.5 },
    { ...failure, vendorStatus: '503' },
    { ...failure, attempts: '3' },
    { ...failure, vendorCode: 1 },
    { ...failure, vendorMessage: 1 },
    { ...failure, final: 1 },
    { ...failure, id: 1 },
  ])('is no failure where a field is missing or of another kind: %j', (entry) => {
    expect(parseFailure(JSON.stringify(entry))).toBeUndefined();
  });

  it('is what a fleet knows of refusals', () => {
    expect(parseRefusals(JSON.stringify(refusals))).toEqual(refusals);
    expect(parseRefusals(JSON.stringify({ refused: [], count: 9, last: 0 }))).toEqual({ refused: [], count: 9, last: 0 });
  });

  it.each([
    ...['refused', 'count', 'last'].map((name) => without(refusals, name)),
    { ...refusals, count: -1 },
    { ...refusals, count: 0.5 },
    { ...refusals, refused: [1] },
    { ...refusals, last: '0' },
  ])('is not what a fleet knows of refusals where a field is missing or of another kind: %j', (entry) => {
    expect(parseRefusals(JSON.stringify(entry))).toBeUndefined();
  });

  it('is a token as a login brings it', () => {
    const token = { value: 't', scheme: 's', extra: { a: 'b' }, issuedAt: now, expiresAt: now, assumedEnd: true };
    expect(parseToken(JSON.stringify(token))).toEqual(token);
  });

  it.each([
    ['{"value":"t"}', parseToken],
    ['{"value":"t","issuedAt":1e999}', parseToken],
    [`{"code":"NOT_ALLOWED","count":1,"until":1e999,"duration":1}`, parseRefusal],
    [`{"code":"NOT_ALLOWED","count":1,"until":1,"duration":1e999}`, parseRefusal],
    ['', parseFailure],
    ['{', parseRefusals],
    ['null', parseRefusals],
  ])('is nothing where it is no JSON of this kind: %s', (json, parse) => {
    expect(parse(json)).toBeUndefined();
  });

  it('tells of no pause that is longer than an hour', () => {
    expect(longestPause).toBe(3_600_000);
  });
});

describe('an entry that is bound to a password', () => {
  const [key, other] = ['k'.repeat(43), 'o'.repeat(43)];
  const json = '{"a":"b.c"}';
  const sealed = seal(json, 'place', key);

  it('is opened with the same key at the same place, and only there', () => {
    expect(unseal(sealed, 'place', key)).toBe(json);
    expect(unseal(sealed, 'place', other)).toBeUndefined();
    expect(unseal(sealed, 'elsewhere', key)).toBeUndefined();
  });

  it.each([
    ['its text was changed', sealed.replace('b.c', 'b.d')],
    ['its MAC was changed', `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`],
    ['its MAC was cut', sealed.slice(1)],
    ['its MAC is longer', `A${sealed}`],
    ['its MAC is missing', `.${json}`],
    ['it is JSON alone', '{"a":"b"}'],
    ['it is empty', ''],
  ])('is not opened where %s', (_what, entry) => {
    expect(unseal(entry, 'place', key)).toBeUndefined();
  });

  it('begins with the MAC over its place and its text, then a dot', () => {
    expect(sealed).toMatch(/^[\w-]{43}\.\{"a":"b\.c"\}$/);
    expect(seal('c"]', 'a","b', key)).not.toBe(seal('b","c"]', 'a', key).replace('b","', ''));
  });

  it('is bound to nothing where there is no password', () => {
    expect(seal(json, 'place', undefined)).toBe(`.${json}`);
    expect(unseal(sealed, 'anywhere', undefined)).toBe(json);
    expect(unseal('no dot', 'place', undefined)).toBeUndefined();
  });

  it.each([sealed, `.${json}`, '.[]', '."x"', `${'a-_9'.repeat(11).slice(0, 43)}.[1]`])('looks like one, whoever wrote it: %s', (entry) => {
    expect(isSealed(entry)).toBe(true);
  });

  it.each(['', json, '.', '.x', `${'a'.repeat(42)}.{}`, `${'a'.repeat(44)}.{}`, `${'+'.repeat(43)}.{}`, ` .{}`, `x.{}`])(
    'does not look like one: %j',
    (entry) => {
      expect(isSealed(entry)).toBe(false);
    },
  );
});

describe('the key of a password', () => {
  it('takes 210,000 rounds of PBKDF2 with the account as salt where somebody may carry the store away', async () => {
    const store = { get: async () => undefined, set: async () => true, delete: async () => true };
    const salt = createHash('sha256').update('account').digest();
    expect(processEntryKey('password', 'account', store)).toBeUndefined();
    expect(await deriveEntryKey('password', 'account')).toBe(pbkdf2Sync('password', salt, 210_000, 32, 'sha256').toString('base64url'));
  });

  it('differs by password, by account and by store where the store lives in this process', () => {
    const memory = memoryStore();
    const keys = [
      processEntryKey('password', 'account', memory),
      processEntryKey('other', 'account', memory),
      processEntryKey('password', 'other', memory),
      processEntryKey('password', 'account', memoryStore()),
    ];
    expect(new Set(keys).size).toBe(4);
    // 32 bytes in base64.
    expect(keys[0]).toMatch(/^[\w-]{43}$/);
    expect(processEntryKey('password', 'account', memory)).toBe(keys[0]);
  });
});
