import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

it('no package runs anything when it is installed', () => {
  const manifests = globSync('packages/*/package.json', { cwd: root });
  // The manifests are this repository's own.
  const scripts = manifests.flatMap((path) => Object.keys((JSON.parse(textOf(path)) as { scripts?: object }).scripts ?? {}));
  expect(manifests.length).toBeGreaterThan(4);
  expect(scripts.filter((name) => /install|prepare/.test(name))).toEqual([]);
});

it('the packages are published with provenance, and from an environment that a person approves', () => {
  const publish = textOf('.github/workflows/release.yml').split('\n  publish:')[1] ?? '';
  expect(publish).toMatch(/^ {4}environment: /m);
  expect(publish).toContain("NPM_CONFIG_PROVENANCE: 'true'");
  expect(publish).not.toMatch(/NODE_AUTH_TOKEN|NPM_TOKEN/);
});
