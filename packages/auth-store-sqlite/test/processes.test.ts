import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Lease } from '@x/auth-core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { startChild } from './helpers/child.ts';
import { makeDirectory, type TemporaryDirectory } from './helpers/temporary-directory.ts';

describe('processes that share a file', () => {
  let directory: TemporaryDirectory;
  let path: string;

  beforeEach(() => {
    directory = makeDirectory();
    path = join(directory.path, 'tokens.db');
  });
  afterEach(() => directory.remove());

  function openStore(): ReturnType<typeof sqliteStore> {
    const store = sqliteStore({ path });
    onTestFinished(() => store[Symbol.dispose]());
    return store;
  }

  /** Writes to the file until it is called off: no other connection can. */
  function occupy(): () => void {
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    database.exec('BEGIN IMMEDIATE');
    return () => database.exec('ROLLBACK');
  }

  it('a process gets the lease of one that was killed, once it is over and not before', async () => {
    const store = openStore();
    const child = startChild('hold', path);
    const dead = await child.line();
    const database = new DatabaseSync(path);
    const row = database.prepare('SELECT id, expires_at AS expiresAt FROM lease').get();
    database.close();
    await child.kill();
    let lease: Lease | undefined;
    while (lease === undefined) lease = await store.tryLock?.('key', 20_000);
    expect(row?.['id']).toBe(dead);
    expect(Date.now()).toBeGreaterThanOrEqual(Number(row?.['expiresAt']));
    expect(await store.set('key', 'too late', { lease: { ...lease, id: dead } })).toBe(false);
    expect(await store.set('key', 'value', { lease })).toBe(true);
  }, 15_000);

  it('the file is good after another was killed in the middle of its writing, ten times over', async () => {
    const store = openStore();
    for (let round = 0; round < 10; round++) {
      const child = startChild('write', path);
      await child.line();
      await child.kill();
      expect(await store.set(`round ${round}`, 'value')).toBe(true);
    }
    for (let round = 0; round < 10; round++) expect(await store.get(`round ${round}`)).toBe('value');
    for (let key = 0; key < 20; key++) expect(await store.get(`key ${key}`)).toMatch(/^(\d+ )\1{999}$/);
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
    expect(readdirSync(directory.path).filter((name) => name.includes('damaged'))).toEqual([]);
  }, 30_000);

  it('a process writes even where another is at it and it has nothing else to do', async () => {
    const store = openStore();
    await store.set('key', 'before');
    const free = occupy();
    const child = startChild('wait', path);
    expect(await child.line()).toBe('waiting');
    free();
    expect(await child.ended()).toBe(0);
    expect(await store.get('key')).toBe('written');
  }, 15_000);

  it.each([
    ['the file', (): void => rmSync(path)],
    ['the journal beside it', (): void => rmSync(`${path}-journal`)],
    ['what is in the file', (): void => truncateSync(path)],
  ])('processes share a file again after somebody removed %s under one that has it open', async (_what, remove) => {
    const child = startChild('hold', path);
    await child.line();
    remove();
    const [one, other] = [openStore(), openStore()];
    expect(await one.set('another key', 'value')).toBe(true);
    expect(await other.get('another key')).toBe('value');
  });

  it('processes that all find the file damaged at once set it aside once, and share the new one', async () => {
    const store = openStore();
    await store.set('key', 'x'.repeat(20_000));
    store[Symbol.dispose]();
    truncateSync(path, 8_192);
    const children = Array.from({ length: 6 }, () => startChild('open', path));
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual(children.map(() => 0));
    expect(readdirSync(directory.path).filter((name) => /damaged-\d+-\d+$/.test(name))).toHaveLength(1);
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT count(*) AS entries FROM token').get()).toEqual({ entries: children.length });
    database.close();
  }, 15_000);
});
