import { isAuthError } from '@x/auth-core';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

it('on a Node without node:sqlite the import fails, and says which Node it takes', async () => {
  vi.resetModules();
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const error: unknown = await import('../src/index.ts').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isAuthError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'STORE', message: expect.stringContaining('Node 22.13 and later') });
});
