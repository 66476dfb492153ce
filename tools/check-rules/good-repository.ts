import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const entry = (path: string): object => ({ '@x/source': `./src/${path}.ts` });

function manifest(name: string, entries: Readonly<Record<string, string>>, more: object = {}): string {
  const exports = Object.fromEntries(Object.entries(entries).map(([key, path]) => [key, entry(path)]));
  return JSON.stringify({ name, exports, ...more }, null, 2);
}

const onCore = { dependencies: { '@x/auth-core': 'workspace:^' } };

const core = {
  'package.json': manifest('@x/auth-core', { '.': 'index', './provider': 'provider/index', './testing': 'testing/index' }),
  'src/index.ts': [
    "export { type AccessToken } from './access-token.ts';",
    "export { AuthError } from './auth-error.ts';",
    "export { systemClock } from './lifecycle/clock.ts';",
  ].join('\n'),
  'src/access-token.ts': '/** A token. */\nexport interface AccessToken {\n  /** Epoch milliseconds. */\n  readonly issuedAt: number;\n}',
  'src/auth-error.ts': '/** The error. */\nexport class AuthError extends Error {\n  readonly #code = 1;\n}',
  'src/lifecycle/clock.ts': '/** The clock. */\nexport const systemClock = { now: (): number => Date.now() };',
  'src/requests/send.ts': 'export const names: ReadonlySet<string> = new Set(["a"]);',
  'src/provider/index.ts': "export { readText } from './read-text.ts';",
  'src/provider/read-text.ts': [
    "import { AuthError } from '../auth-error.ts';",
    '/**\n * Reads.\n * @throws AuthError `CONFIG` if it is empty.\n */',
    "export function readText(text: string): string {\n  if (text === '') throw new AuthError();\n  return text;\n}",
  ].join('\n'),
  'src/testing/index.ts': '/** A fault. */\nexport type Fault = string;',
};

const provider = {
  'package.json': manifest('@x/acme-auth', { '.': 'index', './sandbox': 'sandbox/index' }, { ...onCore, bin: './dist/shell/main.js' }),
  'README.md': '# acme',
  LICENSE: 'MIT',
  'tsconfig.json': '{}',
  'src/index.ts': [
    "export { type AccessToken, AuthError, systemClock } from '@x/auth-core';",
    "export { createAcmeTokenProvider } from './create-acme-token-provider.ts';",
    "export { type AcmeOptions, acmeOptionsFromEnv } from './options.ts';",
  ].join('\n'),
  'src/options.ts': [
    "import { readText } from '@x/auth-core/provider';",
    '/** The options. */\nexport interface AcmeOptions {\n  /** The user, as acme issued it [S]. */\n  user: string;\n}',
    '/**\n * Reads `ACME_USER`.\n * @throws AuthError `CONFIG` if it is not set.\n */',
    'export function acmeOptionsFromEnv(env = process.env): AcmeOptions {\n  return { user: readText(env.ACME_USER) };\n}',
  ].join('\n'),
  'src/login.ts': 'export const path = "/login";',
  'src/is-rejection.ts': 'export function isRejection(): boolean {\n  return true;\n}',
  'src/create-acme-token-provider.ts':
    '/** A provider: `Authorization: <token>` [S]. */\nexport function createAcmeTokenProvider(): string {\n  return "";\n}',
  'src/sandbox/index.ts': "export { startAcmeSandbox } from './start-acme-sandbox.ts';",
  'src/sandbox/start-acme-sandbox.ts':
    "import type { Fault } from '@x/auth-core/testing';\n/** A sandbox as the documents say [S]. */\nexport function startAcmeSandbox(): Fault {\n  return '';\n}",
  'src/shell/main.ts': "const path = process.env.PATH;\nconsole.log(path, await import('@x/auth-store-file'));",
  'test/provider-contract.test.ts': '',
};

const store = {
  'package.json': manifest('@x/auth-store-file', { '.': 'index' }, onCore),
  'src/index.ts': "export { fileStore } from './file-store.ts';",
  'src/file-store.ts': [
    "import { type AccessToken, AuthError } from '@x/auth-core';",
    '/** A store. */\nexport function fileStore(token?: AccessToken): object {\n  return { token, AuthError };\n}',
  ].join('\n'),
};

const workflow = `name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${'0'.repeat(40)} # v1.2.3
      - run: echo fine
`;

const below = (dir: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${dir}/${path}`, text]));

/** The files of a small repository in which every rule holds. */
export const goodFiles: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ devDependencies: { '@x/auth-core': 'workspace:^' } }),
  'pnpm-lock.yaml': 'lockfileVersion: 9',
  '.github/workflows/ci.yml': workflow,
  'apps/demo/package.json': manifest('demo', {}, onCore),
  'apps/demo/src/main.ts':
    "import { systemClock } from '@x/auth-core';\nlet shown = 0;\nshown += systemClock.now();\nconsole.log(process.env, shown);",
  ...below('packages/auth-core', core),
  ...below('packages/acme-auth', provider),
  ...below('packages/auth-store-file', store),
};

/** A repository in a directory of its own, removed at the end of the block that holds it. */
export function writeRepository(files: Readonly<Record<string, string>>): { root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'rules-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
