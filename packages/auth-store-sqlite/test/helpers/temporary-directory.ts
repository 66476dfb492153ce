import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

export function makeDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'auth-store-sqlite-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
