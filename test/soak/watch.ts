import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';

import { channels } from '@x/auth-core';
import { assertNoSecrets } from '@x/auth-core/testing';

/** Looks for passwords and tokens in all that can be seen, and for what nobody handled. */
export interface Watch extends Disposable {
  /** How many things were looked at. */
  readonly looks: number;
  /** Where a secret showed. */
  readonly secretsSeen: readonly string[];
  /** Rejections that nobody handled, and warnings of the process. */
  readonly unhandled: readonly string[];
  look(value: unknown): void;
  /** A token that was issued: from now on it is looked for. */
  issued(token: string): void;
}

/** Every token of the vendors here: 40 digits. What looks like one is none of anything else. */
const anyToken = /(?<![\da-f])[\da-f]{40}(?![\da-f])/i;
/** The newest tokens are looked for in every spelling. */
const latest = 8;
const everything = { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null };

/** Watches errors that are shown to it, every event, whatever is printed, and what nobody handled. */
export function startWatch(passwords: readonly string[]): Watch {
  const secretsSeen: string[] = [];
  const unhandled: string[] = [];
  let tokens: string[] = [];
  let looks = 0;
  const look = (value: unknown): void => {
    looks += 1;
    try {
      assertNoSecrets(value, [...passwords, ...tokens]);
      if (anyToken.test(inspect(value, everything))) throw new Error('a token shows');
    } catch (error) {
      secretsSeen.push(`${error instanceof Error ? error.message : 'a secret shows'}, in ${describe(value)}`);
    }
  };
  const onUnhandled = (reason: unknown): void => {
    look(reason);
    unhandled.push(describe(reason));
  };
  const restore = watchOutput(look);
  for (const name of Object.values(channels)) subscribe(name, look);
  process.on('unhandledRejection', onUnhandled).on('warning', onUnhandled);
  return {
    get looks() {
      return looks;
    },
    secretsSeen,
    unhandled,
    look,
    issued: (token) => void (tokens = [...tokens, token].slice(-latest)),
    [Symbol.dispose]() {
      restore();
      for (const name of Object.values(channels)) unsubscribe(name, look);
      process.off('unhandledRejection', onUnhandled).off('warning', onUnhandled);
    },
  };
}

/** Looks at what is printed before it is printed. */
function watchOutput(look: (text: unknown) => void): () => void {
  const restores = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    const watched = (...args: Parameters<typeof write>): boolean => {
      look(String(args[0]));
      return write.apply(stream, args);
    };
    // Its parameters are those of one of the overloads.
    stream.write = watched as typeof write;
    return () => void (stream.write = write);
  });
  return () => restores.forEach((restore) => restore());
}

/** The kind of a thing: what it says is not repeated, it holds a secret. */
function describe(value: unknown): string {
  return value instanceof Error ? `${value.name} ${value.stack?.split('\n')[1]?.trim() ?? ''}` : typeof value;
}
