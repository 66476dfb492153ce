import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import { processSurroundings } from '../src/process-surroundings.ts';
import type { Surroundings } from '../src/surroundings.ts';

type Stream = PassThrough & { readonly isTTY: boolean };

/** A process, and what is around a command in it. */
interface Hosted {
  readonly host: EventEmitter & Readonly<Record<'stdin' | 'stdout' | 'stderr', Stream>>;
  readonly around: Surroundings;
}

/** Each of the streams leads to a terminal, or to a pipe. */
function hosted(isTTY: Partial<Record<'stdin' | 'stdout' | 'stderr', boolean>> = {}): Hosted {
  const stream = (isTerminal = true): Stream => Object.assign(new PassThrough(), { isTTY: isTerminal });
  const streams = { stdin: stream(isTTY.stdin), stdout: stream(isTTY.stdout), stderr: stream(isTTY.stderr) };
  const host = Object.assign(new EventEmitter(), { env: { NAME: 'value' }, cwd: () => '/here', ...streams });
  return { host, around: processSurroundings(host) };
}

/** What a stream has shown so far. */
const shownAt = (stream: Stream): string => stripVTControlCharacters(String(stream.read() ?? '')).trimEnd();

describe('a question at a terminal', () => {
  it.each([
    ['shown while it is typed', undefined, 'Name: a person'],
    ['not shown if it is a secret', { isSecret: true }, 'Name:'],
  ])('is on stderr, and the answer is %s', async (_name, options, shown) => {
    const { host, around } = hosted();
    const answer = around.ask?.('Name: ', options);
    host.stdin.write('a person\r');
    expect(await answer).toBe('a person');
    expect([shownAt(host.stderr), shownAt(host.stdout)]).toEqual([shown, '']);
  });

  it.each([
    ['Ctrl-C is pressed', (stdin: Stream) => void stdin.write('half\u0003')],
    ['the input ends', (stdin: Stream) => void stdin.end('half')],
  ])('is wrong usage without an answer, where %s', async (_name, leave) => {
    const { host, around } = hosted();
    const answer = around.ask?.('Password: ', { isSecret: true });
    leave(host.stdin);
    await expect(answer).rejects.toThrow('no answer was given');
    expect(shownAt(host.stderr)).toBe('Password:');
  });

  it.each(['stdin', 'stderr'] as const)('is asked by no command where %s is no terminal', (name) => {
    expect(hosted({ [name]: false }).around.ask).toBeUndefined();
    expect(hosted({ stdout: false }).around.ask).toBeDefined();
  });
});

it('a command writes lines, and knows whether a person looks at them', () => {
  const { host, around } = hosted({ stdout: false });
  around.stdout.write('a', 'b');
  around.stderr.write('c');
  expect([String(host.stdout.read()), String(host.stderr.read())]).toEqual(['a\nb\n', 'c\n']);
  expect([around.stdout.isTerminal, around.stderr.isTerminal]).toEqual([false, true]);
  expect(around).toMatchObject({ env: { NAME: 'value' }, cwd: '/here' });
});

it.each(['SIGINT', 'SIGTERM'])('the first %s ends a command in order, and the second one ends the process', (signal) => {
  const { host, around } = hosted();
  expect(around.signal.aborted).toBe(false);
  host.emit(signal);
  expect(around.signal.aborted).toBe(true);
  // Where nobody listens, Node.js ends the process.
  expect(host.listenerCount(signal)).toBe(0);
});

it('a reader that has seen enough and closes the pipe is no failure, and anything else that goes wrong is one', () => {
  const { host } = hosted();
  const failWith = (code: string) => () => host.stdout.emit('error', Object.assign(new Error('write failed'), { code }));
  expect(failWith('EPIPE')).not.toThrow();
  expect(failWith('ENOSPC')).toThrow('write failed');
});
