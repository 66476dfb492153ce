import { expect, test } from 'vitest';

import { createFeed, type Message } from '../src/feed.ts';

const greeting: Message = { name: 'traffic', data: { on: false } };
const message: Message = { name: 'traffic', data: { on: true } };

test('who listens gets the greeting first, and then every message, also those that came meanwhile', async () => {
  const feed = createFeed();
  const messages = feed.listen(() => greeting, new AbortController().signal);
  expect((await messages.next()).value).toBe(greeting);
  feed.publish(message);
  feed.publish(greeting);
  expect([(await messages.next()).value, (await messages.next()).value]).toEqual([message, greeting]);
  const waiting = messages.next();
  feed.publish(message);
  expect((await waiting).value).toBe(message);
});

test('who leaves gets nothing more, and counts no longer as a listener', async () => {
  const feed = createFeed();
  const leaving = new AbortController();
  const messages = feed.listen(() => greeting, leaving.signal);
  await messages.next();
  expect(feed.listeners).toBe(1);
  const waiting = messages.next();
  leaving.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(feed.listeners).toBe(0);
});

test('who lags behind by a thousand messages is let go', async () => {
  const feed = createFeed();
  const messages = feed.listen(() => greeting, new AbortController().signal);
  await messages.next();
  for (let count = 0; count < 1_000; count += 1) feed.publish(message);
  expect(await messages.next()).toEqual({ done: true, value: undefined });
  expect(feed.listeners).toBe(0);
});

test('a feed that is closed ends for everybody', async () => {
  const feed = createFeed();
  const messages = feed.listen(() => greeting, new AbortController().signal);
  await messages.next();
  const waiting = messages.next();
  feed.close();
  expect((await waiting).done).toBe(true);
});
