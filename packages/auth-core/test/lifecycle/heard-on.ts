import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { channels } from '@x/auth-core';
import { onTestFinished } from 'vitest';

/** What is published on a channel until the end of the test. */
export function heardOn(name: keyof typeof channels): unknown[] {
  const heard: unknown[] = [];
  const listen = (message: unknown): void => void heard.push(message);
  subscribe(channels[name], listen);
  onTestFinished(() => void unsubscribe(channels[name], listen));
  return heard;
}
