import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

import { findNode, type NodeBinary } from '@x/node-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mustSkipWithoutRedis, type RedisServer, startRedisServer } from '../../packages/auth-store-redis/test/redis-server.ts';
import { allNodes, installRuntimes } from '../packages/runtimes.ts';

/** `pnpm rehearse` brings the other versions of Node, too. */
const isRehearsal = process.env['REHEARSAL'] === 'true';
if (isRehearsal) await installRuntimes();
const nodes = isRehearsal ? allNodes() : [findNode(20), findNode(24)].filter((node) => node !== undefined);

/** Runs a program over the built packages with that Node. */
function run({ path }: NodeBinary, ...args: string[]): { stdout: string; stderr: string } {
  // Without what vitest gives its own processes.
  const env = { PATH: process.env['PATH'] };
  const options = { cwd: import.meta.dirname, encoding: 'utf8', timeout: 50_000, env } as const;
  return spawnSync(path, ['--import', './undici-of-this-node.mjs', ...args], options);
}

/** Runs the contract in a process of that Node, and tells how many of its tests passed. */
function runContract(node: NodeBinary, kind: string, place: string): { passed: number; failed: number } {
  const { stdout, stderr } = run(node, 'contract.mjs', kind, place);
  const count = (what: string): number => Number(new RegExp(`^(?:#|ℹ) ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  const counted = { passed: count('pass'), failed: count('fail') };
  if (counted.failed !== 0) console.error(stdout, stderr);
  return counted;
}

const passes = { passed: expect.toSatisfy((count: number) => count >= 25), failed: 0 };

describe.skipIf(mustSkipWithoutRedis('redisStore on every version of Node'))('redisStore keeps the contract', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(nodes.flatMap((node) => ['redis', 'redis5'].map((client) => ({ ...node, client }))))(
    'on Node $version with the client $client',
    ({ client, ...node }) => {
      expect(runContract(node, client, server.url)).toEqual(passes);
    },
  );
});

describe('sqliteStore keeps the contract', () => {
  const directory = mkdtempSync(join(tmpdir(), 'auth-store-sqlite-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  // node:sqlite is there from 22.13 on.
  it.each(nodes.filter(({ major }) => major >= 22))('on Node $version', (node) => {
    expect(runContract(node, 'sqlite', directory)).toEqual(passes);
  });
});

describe('a provider keeps no request alive', () => {
  it.each(nodes)('on Node $version', (node) => {
    const { stdout } = run(node, '--expose-gc', 'kept-requests.mjs');
    expect(JSON.parse(stdout)).toEqual({ aborted: true, left: [false, false, false] });
  });
});

describe('an answer that is given up after it was judged, by its caller or by the fetch, ends no process', () => {
  it.each(nodes)('on Node $version', (node) => {
    const { stdout, stderr } = run(node, 'aborted-answers.mjs');
    expect({ told: JSON.parse(stdout), stderr }).toEqual({ told: { ended: ['AbortError', 'AbortError'], unhandled: [] }, stderr: '' });
  });
});

describe('the import of a provider loads no module of Node that undici and valibot have not loaded, except those of AsyncLocalStorage', () => {
  it.each(nodes)('on Node $version', (node) => {
    const { stdout, stderr } = run(node, 'loaded-modules.mjs');
    const loaded = JSON.parse(stdout) as string[]; // as the program wrote it
    expect({ others: loaded.filter((name) => !name.includes('/async_')), stderr }).toEqual({ others: [], stderr: '' });
  });
});
