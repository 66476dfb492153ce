import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { expect, test } from 'vitest';

import { runDemo } from '../src/demo.ts';
import { createReporter } from '../src/report.ts';
import { collectOutput } from './collect-output.ts';

/** undici's event for received bytes: the only place where the tokens of the demo's sandboxes can be observed. */
const wire = 'undici:request:bodyChunkReceived';

async function collectTokens(run: () => Promise<unknown>): Promise<Set<string>> {
  const tokens = new Set<string>();
  const listen = (message: unknown): void => {
    const { chunk } = message as { chunk: Buffer }; // undici's documented payload
    for (const [, token = ''] of chunk.toString().matchAll(/"(?:access_)?token":"([^"]+)"/g)) tokens.add(token);
  };
  subscribe(wire, listen);
  await run();
  unsubscribe(wire, listen);
  return tokens;
}

test('the demo prints no token and no password', async () => {
  const output = collectOutput(80);
  const tokens = await collectTokens(() => runDemo(createReporter(output.stream)));
  const passwords = ['sandbox-password', 'not-the-password'];
  expect(tokens.size).toBe(9); // eleven logins, of which two were refused
  expect(output.text()).toContain('INVALID_CREDENTIALS');
  expect([...tokens, ...passwords].filter((secret) => output.text().includes(secret))).toEqual([]);
});
