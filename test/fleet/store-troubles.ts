import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels } from '@x/auth-core';

/** What providers of this process said of their store, as `operation why`. */
export interface StoreTroubles extends Disposable {
  readonly said: string[];
}

export function listenForStoreTroubles(): StoreTroubles {
  const said: string[] = [];
  const listen = (message: unknown): void => {
    const { operation, why } = message as ChannelMessages['storeTrouble']; // the channel's one kind of message
    said.push(`${operation} ${why}`);
  };
  subscribe(channels.storeTrouble, listen);
  return { said, [Symbol.dispose]: () => void unsubscribe(channels.storeTrouble, listen) };
}
