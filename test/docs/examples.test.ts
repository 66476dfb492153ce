import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mustSkipWithoutRedis } from '../../packages/auth-store-redis/test/redis-server.ts';
import { type Example, withoutComments } from './documents.ts';
import { type ExampleFiles, writeExamples } from './example-files.ts';
import { startRedirectingVendor } from './redirecting-vendor.ts';
import { limit, type Outcome, promisedLines, runExample } from './run-example.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

const files: ExampleFiles = writeExamples('run');
const noRedis = mustSkipWithoutRedis('the examples that use it');
let surroundings: Surroundings;

beforeAll(async () => {
  surroundings = await startSurroundings({ redis: !noRedis });
});
afterAll(async () => {
  await surroundings[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

const needsRedis = ({ code }: Example): boolean => /\bREDIS_URL\b/.test(code);
const usesProxy = ({ code }: Example): boolean => /\bPROXY_URL\b/.test(code);
const turns = limit(2);
const outcomes = new Map<string, Promise<Outcome>>();

/** Behind the proxy, the vendor has a name that nobody else answers for. */
function environmentOf(example: Example, { env }: Surroundings): Readonly<Record<string, string>> {
  return usesProxy(example) ? { ...env, ESIGNON_BASE_URL: 'https://esignon.example' } : env;
}

/** A translation has the code of its original: that runs once. */
function outcomeOf(example: Example): Promise<Outcome> {
  const code = withoutComments(example.code);
  const known = outcomes.get(code);
  if (known !== undefined) return known;
  const outcome = turns(() => runExample(files.pathOf(example), environmentOf(example, surroundings)));
  outcomes.set(code, outcome);
  return outcome;
}

/** A recipe that finds its account in the environment: there the vendor may be one that rejects the first token. */
const isRecipe = ({ path, code }: Example): boolean => /^docs\/recipes(?:-http-clients)?\.md$/.test(path) && !code.includes('/sandbox');

/** What an example did. A suite prints its own report, which is not looked at. */
function deedsOf({ code }: Example, { exitCode, stdout, stderr }: Outcome): object {
  const lines = code.includes("'node:test'") ? [] : stdout.split('\n').slice(0, -1);
  return { exitCode, stderr, lines, showsSecret: surroundings.secrets.some((secret) => stdout.includes(secret)) };
}

/** What it says that it does. */
function promiseOf({ code }: Example): object {
  return { exitCode: 0, stderr: '', lines: promisedLines(code), showsSecret: false };
}

describe.concurrent('the examples of the documents', { timeout: 60_000 }, () => {
  for (const example of files.examples.filter((one) => !isRecipe(one))) {
    it.skipIf(noRedis && needsRedis(example))(`the example in ${example.name} does what it says`, async () => {
      expect(deedsOf(example, await outcomeOf(example))).toEqual(promiseOf(example));
    });
  }

  for (const example of files.examples.filter(isRecipe)) {
    it(`the recipe in ${example.name} does what it says, and recovers from a rejected token`, async () => {
      await using vendors = await startSurroundings({ redis: false });
      vendors.rejectNextCall();
      const outcome = await turns(() => runExample(files.pathOf(example), environmentOf(example, vendors)));
      expect(deedsOf(example, outcome)).toEqual(promiseOf(example));
      expect(vendors.logins()).toBe(2);
      if (!usesProxy(example)) return;
      const call = ['CONNECT esignon.example:443', 'POST /api/sandbox/login', 'GET /api/v2/company'];
      expect(vendors.proxy.seen).toEqual(expect.arrayContaining(call));
      expect(vendors.proxy.seen.filter((line) => !line.startsWith('CONNECT '))).toHaveLength(4);
    });
  }

  for (const example of files.examples.filter((one) => isRecipe(one) && one.code.includes('datacomsysOptionsFromEnv()'))) {
    it(`the recipe in ${example.name} leaves the token at the vendor where a redirect leads elsewhere`, async () => {
      await using vendor = await startRedirectingVendor();
      const env = { ...surroundings.env, DATACOMSYS_BASE_URL: vendor.url };
      const { stdout } = await turns(() => runExample(files.pathOf(example), env));
      expect(stdout).toBe('elsewhere\n');
      expect(vendor.arrived).toEqual([undefined]);
    });
  }

  it('the recipes leave no client, and no way through a proxy, untried', () => {
    const recipes = files.examples
      .filter(isRecipe)
      .map(({ code }) => code)
      .join('');
    for (const client of ['undici', 'openapi-fetch', 'ky', 'axios', 'got']) expect(recipes).toContain(`from '${client}'`);
    expect(recipes).toContain('PROXY_URL');
    expect(recipes).toContain('setGlobalDispatcher(');
  });
});
