import { syncBuiltinESMExports } from 'node:module';
import os, { homedir } from 'node:os';
import { join } from 'node:path';

import { isAuthError } from '@x/auth-core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { defaultPath } from '../src/token-file.ts';

describe('the options of sqliteStore', () => {
  const wrong: readonly [given: unknown, named: RegExp][] = [
    [{ path: '' }, /path must be/],
    [{ path: 7 }, /path must be/],
    [{ path: null }, /path must be/],
    [{ file: 'a.db' }, /no option file/],
    [{ path: 'a.db', lockTtl: 20_000 }, /no option lockTtl/],
    ['a.db', /expected options like \{ path: 'tokens\.db' \}/],
    [null, /expected options/],
  ];

  it.each(wrong)('%j are refused with STORE that names what is wrong', (options, message) => {
    // What a caller without types may pass.
    const open = (): unknown => Reflect.apply(sqliteStore, undefined, [options]);
    expect(open).toThrowError(expect.toSatisfy(isAuthError));
    expect(open).toThrowError(expect.objectContaining({ code: 'STORE', message: expect.stringMatching(message) }));
  });

  it('an option that is undefined counts as not given', () => {
    const options = { path: 'never-made.db', file: undefined };
    expect(() => sqliteStore(options)[Symbol.dispose]()).not.toThrow();
  });

  it('without a path the file is in the state directory of the user', () => {
    expect(defaultPath()?.startsWith(homedir())).toBe(true);
    expect(defaultPath()?.endsWith(join('auth-store-sqlite', 'tokens.db'))).toBe(true);
  });

  it.each(['', 'relative'])('a user whose home is "%s" is told to give a path, and gets no file in the working directory', (home) => {
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => sqliteStore()).toThrowError(
      expect.objectContaining({ code: 'STORE', message: expect.stringContaining('path is needed') }),
    );
    expect(() => sqliteStore({ path: 'elsewhere.db' })[Symbol.dispose]()).not.toThrow();
  });

  it('a user of whom the system knows no home is told to give a path', () => {
    vi.spyOn(os, 'homedir').mockImplementation(() => {
      throw new Error('uv_os_homedir returned ENOENT');
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    expect(() => homedir()).toThrow();
    expect(() => sqliteStore()).toThrowError(
      expect.objectContaining({ code: 'STORE', message: expect.stringContaining('path is needed') }),
    );
  });
});
