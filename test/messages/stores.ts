import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

import { AuthError, encryptedStore, memoryStore } from '@x/auth-core';
import { type RedisEvalClient, redisStore } from '@x/auth-store-redis';
import { type FileSetAside, fileSetAsideChannel, sqliteStore } from '@x/auth-store-sqlite';

import type { Situation } from './situation.ts';

/** As a user without types may hand in. */
const notOptions = 5 as unknown as object;
const encrypted = (...keys: object[]) => encryptedStore(memoryStore(), keys as unknown as Parameters<typeof encryptedStore>[1]);
const redis = (client: object, options: object = {}) => redisStore(client as RedisEvalClient, options);
const saying = (answer: unknown): RedisEvalClient => ({ eval: async () => answer });

const ofTheCore: readonly Situation[] = [
  { about: 'memoryStore without an object', stage: () => memoryStore(notOptions) },
  { about: 'memoryStore for no entry', stage: () => memoryStore({ max: 0 }) },
  { about: 'encryptedStore with a key as text', stage: () => encrypted({ id: 'a', key: 'secret' }) },
  { about: 'encryptedStore with a short key', stage: () => encrypted({ id: 'a', key: Buffer.alloc(16) }) },
  { about: 'encryptedStore with a key without id', stage: () => encrypted({ id: '', key: Buffer.alloc(32) }) },
  {
    about: 'encryptedStore with one id twice',
    stage: () => encrypted({ id: 'a', key: Buffer.alloc(32) }, { id: 'a', key: Buffer.alloc(32, 1) }),
  },
  { about: 'encryptedStore without a key', stage: () => encrypted() },
];

const ofRedis: readonly Situation[] = [
  { about: 'redisStore with a client of ioredis', stage: () => redis({ eval: async () => '', defineCommand: () => undefined }) },
  { about: 'redisStore without a client', stage: () => redis({}) },
  { about: 'redisStore without an object of options', stage: () => redis(saying('1'), notOptions) },
  { about: 'redisStore with an option that nobody knows', stage: () => redis(saying('1'), { keyPrefix: 'x' }) },
  { about: 'redisStore with braces in the prefix', stage: () => redis(saying('1'), { prefix: '{x}' }) },
  { about: 'a client of Redis that answers for itself', stage: () => redis(saying('OK')).set('key', 'value') },
  { about: 'a client of Redis that returns an object', stage: () => redis(saying({})).get('key') },
];

/** What is left of a store whose file is like that. */
async function withFile(prepare: (path: string) => unknown): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'messages-'));
  const path = join(directory, 'tokens.db');
  try {
    await prepare(path);
    using store = sqliteStore({ path });
    return await store.get('key');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runSql(path: string, ...statements: string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function closedStore(): Promise<unknown> {
  const store = sqliteStore({ path: join(tmpdir(), 'never-made', 'tokens.db') });
  store[Symbol.dispose]();
  return store.get('key');
}

const otherLayout = (path: string): void =>
  runSql(path, 'CREATE TABLE t (a)', 'PRAGMA application_id = 0x78617574', 'PRAGMA user_version = 99');

/** A store tells of a damaged file of its own by an event, and goes on with a new one. */
async function damaged(damage: (path: string) => void): Promise<unknown> {
  const told: FileSetAside[] = [];
  const listen = (message: unknown): void => void told.push(message as FileSetAside); // the channel's one kind of message
  subscribe(fileSetAsideChannel, listen);
  await withFile(async (path) => {
    using store = sqliteStore({ path });
    for (let entry = 0; entry < 50; entry += 1) await store.set(`key ${entry}`, 'value '.repeat(100));
    store[Symbol.dispose]();
    damage(path);
  }).finally(() => unsubscribe(fileSetAsideChannel, listen));
  return told.map(({ why }) => Object.assign(new Error(why), { name: 'event fileSetAside' }))[0];
}

function breakPages(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4_096, 'x'), 0, 4_096, 4_096);
  closeSync(file);
}

/** In a process of its own: a module that is loaded stays loaded. */
async function withoutSqlite(): Promise<unknown> {
  const script =
    "process.getBuiltinModule = () => undefined; await import('@x/auth-store-sqlite').catch(({ message }) => console.log(message));";
  const args = ['--conditions=@x/source', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(import.meta.dirname, '../..') });
  return new AuthError({ code: 'STORE', provider: 'auth-store-sqlite', message: stdout.trim() });
}

async function withoutHome(): Promise<unknown> {
  const { HOME } = process.env;
  process.env['HOME'] = '';
  try {
    return sqliteStore();
  } finally {
    if (HOME === undefined) delete process.env['HOME'];
    else process.env['HOME'] = HOME;
  }
}

const ofSqlite: readonly Situation[] = [
  { about: 'sqliteStore without an object of options', stage: () => sqliteStore(notOptions) },
  { about: 'sqliteStore with an option that nobody knows', stage: () => sqliteStore({ file: 'x' } as object) },
  { about: 'sqliteStore with an empty path', stage: () => sqliteStore({ path: '' }) },
  { about: 'sqliteStore after it was closed', stage: closedStore },
  { about: 'sqliteStore at the database of another application', stage: () => withFile((path) => runSql(path, 'CREATE TABLE t (a)')) },
  { about: 'sqliteStore at a file of a newer version', stage: () => withFile(otherLayout) },
  { about: 'sqliteStore at a text file', stage: () => withFile((path) => writeFileSync(path, 'notes\n'.repeat(200))) },
  { about: 'sqliteStore at a file of one byte', stage: () => withFile((path) => writeFileSync(path, 'x')) },
  { about: 'sqliteStore at a directory', stage: () => withFile((path) => mkdirSync(path)) },
  { about: 'sqliteStore where it may not write', stage: () => withFile((path) => mkdirSync(`${path}-journal`)) },
  { about: 'a file of ours with damaged pages', stage: () => damaged(breakPages) },
  { about: 'a file of ours without a table', stage: () => damaged((path) => runSql(path, 'DROP TABLE lease')) },
  { about: 'a user without a home directory', stage: withoutHome },
  { about: 'a Node that has no SQLite', stage: withoutSqlite },
];

export const stores: readonly Situation[] = [...ofTheCore, ...ofRedis, ...ofSqlite];
