import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it, onTestFinished, vi } from 'vitest';

import { isBusy, storeError } from '../src/node-sqlite.ts';
import { isMarkedAsOurs, prepareStatements } from '../src/schema.ts';
import { defaultPath, ensureFile, restrictToOwner } from '../src/token-file.ts';
import { storeFile } from './helpers/store-file.ts';

function onPlatform(platform: NodeJS.Platform): void {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
  onTestFinished(() => void vi.restoreAllMocks());
}

it.each([
  ['win32', 'AppData/Local'],
  ['darwin', 'Library/Application Support'],
  ['linux', '.local/state'],
  ['freebsd', '.local/state'],
] as const)('the file is where %s keeps what an application remembers of a user, if no path is given', (platform, directory) => {
  vi.stubEnv('HOME', '/users/somebody');
  onTestFinished(() => void vi.unstubAllEnvs());
  onPlatform(platform);
  expect(defaultPath()).toBe(join('/users/somebody', directory, 'auth-store-sqlite', 'tokens.db'));
});

it('the mode of a file is left alone on Windows, where access is a matter of the directory', () => {
  const { path } = storeFile();
  writeFileSync(path, '');
  chmodSync(path, 0o640);
  onPlatform('win32');
  restrictToOwner(path);
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

it('a path that no file can have is STORE and says why', async () => {
  const file = storeFile(`${'x'.repeat(300)}.db`);
  expect(() => ensureFile(file.path)).toThrow('ENAMETOOLONG');
  await expect(file.open().get('key')).rejects.toMatchObject({ code: 'STORE', message: expect.stringContaining('ENAMETOOLONG') });
});

it('tables are not made in a file that another application has begun to use meanwhile', () => {
  const file = storeFile();
  file.change('CREATE TABLE invoice (id INTEGER)');
  using database = new DatabaseSync(file.path);
  expect(() => prepareStatements(database, file.path, true)).toThrow(/another application/);
  expect(database.isTransaction).toBe(false);
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'invoice' }]);
});

it('a connection that is closed is no damage of its file', () => {
  const database = new DatabaseSync(storeFile().path);
  database.close();
  expect(() => prepareStatements(database, '', false)).toThrow('database is not open');
});

it('whose a damaged file is, is asked again while another process is making it', async () => {
  const file = storeFile();
  await file.fill();
  using other = new DatabaseSync(file.path);
  other.exec('BEGIN EXCLUSIVE');
  using database = new DatabaseSync(file.path);
  expect(() => isMarkedAsOurs(database)).toThrowError(expect.toSatisfy(isBusy));
  other.exec('ROLLBACK');
  expect(isMarkedAsOurs(database)).toBe(true);
});

it.each([
  [13, 'database or disk is full', '; there is no space left'],
  [14, 'unable to open database file', '; it and its directory must belong to this user and be writable'],
  [8, 'attempt to write a readonly database', '; it and its directory must belong to this user and be writable'],
  [264, 'attempt to write a readonly database', '; it and its directory must belong to this user and be writable'],
  [1, 'no such table: token', ''],
])('an error of SQLite (%i) is told with what to do about it', (errcode, message, advice) => {
  const error = storeError('the file a.db cannot be used', Object.assign(new Error(message), { errcode }));
  expect(error).toMatchObject({ code: 'STORE', message: `@x/auth-store-sqlite: the file a.db cannot be used: ${message}${advice}` });
});
