import type { Messages } from './messages.ts';

/** A message of any kind, with its name. */
export type Message = { [Name in keyof Messages]: { readonly name: Name; readonly data: Messages[Name] } }[keyof Messages];

/** Hands every message to everybody who listens. */
export interface Feed {
  readonly publish: (message: Message) => void;
  /** Begins with a greeting. Ends with the signal, when the feed is closed, or when the listener lags behind too far. */
  listen(greet: () => Message, signal: AbortSignal): AsyncGenerator<Message>;
  readonly listeners: number;
  close(): void;
}

/** A page in the background may be asleep: it is let go, and gets everything anew when it is back. */
const maxBehind = 1_000;

export function createFeed(): Feed {
  const closing = new AbortController();
  const listeners = new Set<(message: Message) => void>();

  async function* listen(greet: () => Message, signal: AbortSignal): AsyncGenerator<Message> {
    const ended = AbortSignal.any([signal, closing.signal]);
    let waiting = [greet()];
    let wake = (): void => {};
    const receive = (message: Message): void => {
      waiting.push(message);
      wake();
    };
    ended.addEventListener('abort', () => wake());
    listeners.add(receive);
    try {
      while (!ended.aborted && waiting.length < maxBehind) {
        const messages = waiting;
        waiting = [];
        yield* messages;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        if (waiting.length === 0 && !ended.aborted) await promise;
      }
    } finally {
      listeners.delete(receive);
    }
  }

  return {
    publish: (message) => listeners.forEach((receive) => receive(message)),
    listen,
    get listeners() {
      return listeners.size;
    },
    close: () => closing.abort(),
  };
}
