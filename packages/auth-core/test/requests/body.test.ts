import { PassThrough } from 'node:stream';

import * as undici from 'undici';
import { describe, expect, it, vi } from 'vitest';

import { isReplayableBody, snapshotBody, watchBody } from '../../src/requests/body.ts';
import type { RequestOptions } from '../../src/requests/request.ts';

/** An object of another class by this name. */
const tagged = (tag: string): object => ({ [Symbol.toStringTag]: tag });
const nothing = (): void => undefined;

describe('a request body', () => {
  it.each([
    ['none', undefined],
    ['null', null],
    ['a text', 'x'],
    ['an empty text', ''],
    ['bytes', new Uint8Array(2)],
    ['a buffer', Buffer.from('x')],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a view', new DataView(new ArrayBuffer(2))],
    ['a Blob', new Blob(['x'])],
    ['a Blob of another class', tagged('Blob')],
    ['a File of another class', tagged('File')],
    ['a FormData', new FormData()],
    ['a FormData of undici', new undici.FormData()],
    ['parameters', new URLSearchParams('a=1')],
    ['parameters of another class', tagged('URLSearchParams')],
  ])('can be sent a second time: %s', (_what, body) => {
    expect(isReplayableBody(body)).toBe(true);
  });

  it.each([
    ['a stream', new PassThrough()],
    ['a web stream', new Blob(['x']).stream()],
    ['a generator', (function* () {})()],
    ['a list', ['x']],
    ['an object', {}],
    ['a form that is a stream', Object.assign(tagged('FormData'), { pipe: () => undefined })],
    ['a number', 7],
    ['a function with the name of a Blob', Object.assign(() => undefined, { [Symbol.toStringTag]: 'Blob' })],
  ])('cannot be sent a second time: %s', (_what, body) => {
    expect(isReplayableBody(body)).toBe(false);
  });
});

describe('a body as it is now', () => {
  it('keeps its bytes, whatever its caller makes of them', () => {
    const bytes = new Uint8Array([0, 1, 2, 3]);
    const copies = [snapshotBody(bytes.buffer), snapshotBody(bytes.subarray(1, 3)), snapshotBody(new DataView(bytes.buffer, 2))];
    bytes.fill(9);
    expect(copies).toEqual([new Uint8Array([0, 1, 2, 3]).buffer, new Uint8Array([1, 2]), new Uint8Array([2, 3])]);
  });

  it('keeps its parameters', () => {
    const parameters = new URLSearchParams('a=1');
    const copy = snapshotBody(parameters);
    parameters.append('b', '2');
    expect(copy).toEqual(new URLSearchParams('a=1'));
    expect(copy).not.toBe(parameters);
  });

  it('is left alone where a class spells its parameters in its own way', () => {
    class Own extends URLSearchParams {
      override toString(): string {
        return 'own';
      }
    }
    const own = new Own('a=1');
    expect(snapshotBody(own)).toBe(own);
  });

  it.each([
    ['the global class', FormData],
    ['undici’s', undici.FormData],
  ])('keeps the fields and files of a form, of the same class: %s', async (_what, Kind) => {
    const form: FormData = new Kind();
    form.append('a', '1');
    form.append('a', '2');
    form.append('file', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
    const copy = snapshotBody(form) as FormData;
    form.delete('a');
    form.delete('file');
    expect(copy).toBeInstanceOf(Kind);
    expect(copy).not.toBe(form);
    expect(copy.getAll('a')).toEqual(['1', '2']);
    const file = copy.get('file') as File;
    expect([file.name, file.type, await file.text()]).toEqual(['x.txt', 'text/plain', 'x']);
  });

  it('is a form of the global class where its own class cannot be had', () => {
    const form = new FormData();
    form.append('a', '1');
    const odd = { [Symbol.toStringTag]: 'FormData', [Symbol.iterator]: () => form[Symbol.iterator](), constructor: undefined };
    const copy = snapshotBody(odd as unknown as FormData) as FormData;
    expect(copy).toBeInstanceOf(FormData);
    expect(copy.get('a')).toBe('1');
  });

  it.each([
    ['a text', 'x'],
    ['a Blob', new Blob(['x'])],
    ['a web stream', new Blob(['x']).stream()],
  ])('is itself where nobody can change it: %s', (_what, body) => {
    expect(snapshotBody(body)).toBe(body);
  });
});

describe('a stream whose request waits', () => {
  const watch = (body: unknown, failed: (error: Error) => void): (() => void) => watchBody(body as RequestOptions['body'], failed);

  it('may fail without ending the process, and the request hears of it', () => {
    const failed = vi.fn<(error: Error) => void>();
    const body = new PassThrough();
    watch(body, failed);
    const error = new Error('gone');
    body.emit('error', error);
    expect(failed.mock.calls).toEqual([[error]]);
  });

  it('is left alone once the request is sent', () => {
    const failed = vi.fn<(error: Error) => void>();
    const body = new PassThrough();
    const before = body.listenerCount('error');
    watch(body, failed)();
    expect(body.listenerCount('error')).toBe(before);
  });

  it.each([
    ['none', undefined],
    ['null', null],
    ['a text', 'x'],
    ['an emitter that cannot be piped', { on: nothing, off: nothing }],
    ['what has no off', { pipe: nothing, on: nothing }],
    ['what has no on', { pipe: nothing, off: nothing }],
    ['what has an off that is none', { pipe: nothing, on: nothing, off: 1 }],
    ['what has an on that is none', { pipe: nothing, on: 1, off: nothing }],
  ])('is a stream by its shape: %s is none, and is not listened to', (_what, shape) => {
    const listened = vi.fn<() => void>();
    const body: unknown =
      typeof shape === 'object' && shape !== null && 'on' in shape && shape.on === nothing ? { ...shape, on: listened } : shape;
    watch(body, nothing)();
    expect(listened).not.toHaveBeenCalled();
  });
});
