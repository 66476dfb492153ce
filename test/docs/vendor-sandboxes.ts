import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Sandbox } from '@x/auth-core/testing';

import { root } from './documents.ts';

/** The sandbox of a vendor whose name is known from its folder only. */
export interface VendorSandbox {
  readonly vendor: string;
  readonly sandbox: Sandbox<object>;
}

/** Starts the sandbox of every provider of the repository but these. */
export function startSandboxes(but: readonly string[]): Promise<VendorSandbox[]> {
  const sources = globSync('packages/!(auth-*)-auth/src/sandbox{,/index}.ts', { cwd: root });
  const vendors = sources.map((path) => ({
    path,
    vendor:
      path
        .replaceAll('\\', '/')
        .split('/')[1]
        ?.replace(/-auth$/, '') ?? '',
  }));
  return Promise.all(vendors.filter(({ vendor }) => !but.includes(vendor)).map(({ path, vendor }) => start(join(root, path), vendor)));
}

async function start(path: string, vendor: string): Promise<VendorSandbox> {
  const exported = (await import(path)) as Record<string, unknown>;
  const [, startSandbox] = Object.entries(exported).find(([name]) => /^start\w+Sandbox$/.test(name)) ?? [];
  if (typeof startSandbox !== 'function') throw new Error(`${dirname(path)} has no sandbox to start`);
  // Every provider's sandbox starts without options: a test of the repository says so.
  return { vendor, sandbox: (await startSandbox()) as Sandbox<object> };
}

/** The environment that names the first account of a sandbox: `ACME_BASE_URL`, and `ACME_COMPANY_ID` for its `companyId`. */
export function environmentOf({ vendor, sandbox }: VendorSandbox): Record<string, string> {
  const fields: [string, unknown][] = Object.entries({ baseUrl: sandbox.url, ...sandbox.accounts[0] });
  return Object.fromEntries(fields.map(([name, value]) => [`${constantCase(vendor)}_${constantCase(name)}`, String(value)]));
}

function constantCase(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|-/g, '_').toUpperCase();
}
