import { describe, expect, it, vi } from 'vitest';

import { HeadProbe } from '../../src/requests/judge.ts';
import { asError, type Controller, type Handler, ResponseRelay } from '../../src/requests/relay.ts';
import { idleController } from './helpers.ts';

/** A handler that writes down what it hears. */
function recorder(more: Partial<Handler> = {}) {
  const heard: string[] = [];
  const handler: Handler = {
    onRequestStart: () => void heard.push('start'),
    onResponseStart: (_controller, status) => void heard.push(`status ${status}`),
    onResponseData: (_controller, chunk) => void heard.push(chunk.toString()),
    onResponseEnd: () => void heard.push('end'),
    onResponseError: (_controller, error) => void heard.push(error.message),
    ...more,
  };
  return { heard, relay: new ResponseRelay(handler) };
}

const head = new HeadProbe(200, {}, 'OK');
const chunk = (text: string): Buffer => Buffer.from(text);

describe('the controller that a handler gets', () => {
  it('is neither paused nor aborted, and has no raw headers, before there is an exchange', () => {
    const { relay } = recorder();
    expect([relay.paused, relay.aborted, relay.reason, relay.rawHeaders, relay.rawTrailers]).toEqual([false, false, null, null, null]);
  });

  it('is what the exchange is, once there is one', () => {
    const { relay } = recorder();
    const reason = new Error('gone');
    const raw: Pick<Controller, 'rawHeaders' | 'rawTrailers'> = { rawHeaders: [chunk('a')], rawTrailers: [chunk('b')] };
    relay.connect({ ...idleController, ...raw, paused: true, aborted: true, reason }, null);
    expect([relay.paused, relay.aborted, relay.reason]).toEqual([true, true, reason]);
    expect([relay.rawHeaders, relay.rawTrailers]).toEqual([[chunk('a')], [chunk('b')]]);
  });

  it('is paused and aborted by the handler itself, and keeps the first reason', () => {
    const { relay, heard } = recorder();
    relay.start(null);
    relay.pause();
    expect(relay.paused).toBe(true);
    const reason = new Error('enough');
    relay.abort(reason);
    relay.abort(new Error('again'));
    expect([relay.aborted, relay.reason, heard]).toEqual([true, reason, ['start', 'enough']]);
  });

  it('aborts an exchange that begins after the handler has given up', () => {
    const { relay, heard } = recorder();
    const reason = new Error('enough');
    relay.abort(reason);
    const abort = vi.fn<(error: Error) => void>();
    relay.connect({ ...idleController, abort }, null);
    expect([abort.mock.calls, heard]).toEqual([[[reason]], ['enough']]);
  });

  it('aborts an exchange that begins after the response is over, with the error that undici itself has for it', () => {
    const { relay, heard } = recorder();
    relay.fail(new Error('no login'));
    const abort = vi.fn<(error: Error) => void>();
    relay.connect({ ...idleController, abort }, null);
    expect(abort.mock.calls).toEqual([[expect.objectContaining({ name: 'AbortError', code: 'UND_ERR_ABORTED' })]]);
    expect(heard).toEqual(['no login']);
  });
});

describe('a response that a handler takes in its own time', () => {
  const pausing = () => {
    const made = recorder({ onResponseStart: (controller) => controller.pause() });
    made.relay.connect(idleController, null);
    return made;
  };

  it('comes in order after a pause in its head, to its end', () => {
    const { relay, heard } = pausing();
    relay.respondWith(head, chunk('one'));
    relay.data(chunk('two'));
    relay.end({});
    expect(heard).toEqual(['start']);
    relay.resume();
    expect(heard).toEqual(['start', 'one', 'two', 'end']);
  });

  it('comes as far as it came where the exchange breaks off meanwhile, and then the error', async () => {
    const { relay, heard } = pausing();
    relay.respondWith(head, chunk('one'));
    relay.failSource(new Error('broken'));
    expect(heard).toEqual(['start']);
    relay.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['start', 'one', 'broken']);
  });

  it('ends at once where the handler gives up', () => {
    const { relay, heard } = recorder({ onResponseStart: (controller) => controller.abort(new Error('enough')) });
    relay.connect(idleController, null);
    relay.respondWith(head, chunk('one'));
    relay.end({});
    relay.failSource(new Error('late'));
    expect(heard).toEqual(['start', 'enough']);
  });
});

it('what was thrown and is no error becomes the cause of one', () => {
  const error = new TypeError('no');
  expect(asError(error)).toBe(error);
  expect(asError('no')).toMatchObject({ message: 'Something other than an error was thrown', cause: 'no' });
});
