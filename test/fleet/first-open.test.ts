import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it, onTestFinished } from 'vitest';

import { judgeFile, prepareStatements } from '../../packages/auth-store-sqlite/src/schema.ts';

it('a file whose tables another process makes while it is looked at is not taken for a foreign one', () => {
  const directory = mkdtempSync(join(tmpdir(), 'auth-fleet-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'tokens.db');
  using database = new DatabaseSync(path);
  using others = new DatabaseSync(path);
  const prepare = database.prepare.bind(database);
  let made = false;
  database.prepare = (sql) => {
    const statement = prepare(sql);
    const get = statement.get.bind(statement);
    statement.get = () => {
      const row = get();
      if (!made) prepareStatements(others, path, true);
      made = true;
      return row;
    };
    return statement;
  };
  expect(judgeFile(database, path)).toBe(true);
  expect(made).toBe(true);
  expect(judgeFile(database, path)).toBe(false);
});
