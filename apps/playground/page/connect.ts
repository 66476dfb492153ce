import type { Messages, Outcome } from '../src/messages.ts';

type Handlers = { readonly [Name in keyof Messages]: (message: Messages[Name]) => void };

/** Hands the server's messages on. The browser connects again by itself; `onState` tells whether it is connected. */
export function listen(handlers: Handlers, onState: (connected: boolean) => void): void {
  const source = new EventSource('/events');
  source.addEventListener('open', () => onState(true));
  source.addEventListener('error', () => onState(false));
  for (const name of Object.keys(handlers) as (keyof Messages)[]) {
    // The server is the same program: what it sends under a name is of that type.
    source.addEventListener(name, ({ data }: MessageEvent<string>) => (handlers[name] as (message: unknown) => void)(JSON.parse(data)));
  }
}

/** Has the server do something, and returns what came of it. Never rejects. */
export async function post(path: string): Promise<Outcome> {
  try {
    const response = await fetch(path, { method: 'POST' });
    return (await response.json()) as Outcome; // the server is the same program
  } catch {
    return { said: 'The playground does not answer. Is it still running?' };
  }
}
