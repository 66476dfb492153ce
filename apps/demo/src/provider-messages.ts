import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels } from '@x/auth-core';

/** Calls back for each message of a provider on one of its diagnostics channels, until the returned function is called. */
export function onMessage<Name extends keyof ChannelMessages>(
  name: Name,
  provider: string,
  callback: (message: ChannelMessages[Name]) => void,
): () => void {
  const listen = (payload: unknown): void => {
    const message = payload as ChannelMessages[Name]; // a channel carries what it is documented to carry
    if (message.provider === provider) callback(message);
  };
  subscribe(channels[name], listen);
  return () => void unsubscribe(channels[name], listen);
}

/** The next such message; rejects after ten seconds without one. */
export async function nextMessage<Name extends keyof ChannelMessages>(name: Name, provider: string): Promise<ChannelMessages[Name]> {
  let stop: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ChannelMessages[Name]>((resolve, reject) => {
      stop = onMessage(name, provider, resolve);
      timer = setTimeout(() => reject(new Error(`nothing came on ${channels[name]}`)), 10_000);
    });
  } finally {
    stop?.();
    clearTimeout(timer);
  }
}
