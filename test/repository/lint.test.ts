import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import * as v from 'valibot';
import { afterAll, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'lint-'));
afterAll(() => rmSync(root, { recursive: true }));

const imports = 'eslint(no-restricted-imports)';
const properties = 'eslint(no-restricted-properties)';
const cycle = 'import(no-cycle)';
const state = 'house(module-state)';
const environment = 'house(environment)';

/** Where the seeds stand. `#` is a name that only one seed has. */
const core = (path: string): string => `packages/auth-core/src/${path}`;
const requests = core('requests/#.ts');
const lifecycle = core('lifecycle/#.ts');
const provider = 'packages/#-auth/src/login.ts';
const sandbox = 'packages/#-auth/src/sandbox.ts';
const command = 'packages/auth-cli/src/#.ts';
const shellSupport = 'packages/#-auth/src/cli.ts';
const store = 'packages/auth-store-#/src/index.ts';

type Seed = readonly [what: string, path: string, source: string, rule: string];

const violations: readonly Seed[] = [
  ['a provider that imports another', provider, "import { a } from '@x/esignon-auth';", imports],
  ['a provider that imports its own name', 'packages/acme-auth/src/login.ts', "import { a } from '@x/acme-auth';", imports],
  ['a provider that imports a store', provider, "import type { A } from '@x/auth-store-sqlite';", imports],
  ['a provider that uses testing', provider, "import type { Fault } from '@x/auth-core/testing';", imports],
  ['a provider that loads a store later', provider, "export const s = () => import('@x/auth-store-sqlite');", 'house(import-expression)'],
  [
    'a provider that names a type of another in place',
    provider,
    "export type A = import('@x/esignon-auth').A;",
    'house(import-expression)',
  ],
  ['a provider that loads its sandbox', provider, "import { startAcmeSandbox } from './sandbox.ts';", imports],
  ['a provider that loads a part of its sandbox', provider, "export { account } from './sandbox/account.ts';", imports],
  ['a provider that imports another package by path', provider, "import type { D } from '../../auth-core/src/access-token.ts';", imports],
  ['a command that imports a provider', command, "import { a } from '@x/esignon-auth';", imports],
  ['a command that reads the environment of the process', command, 'export const f = () => process.env;', environment],
  ['a shell support that imports a store', shellSupport, "import type { A } from '@x/auth-store-sqlite';", imports],
  [
    'a shell support that loads anything but its sandbox',
    shellSupport,
    "export const s = () => import('./login.ts');",
    'house(import-expression)',
  ],
  ['a sandbox that imports another provider', sandbox, "import { a } from '@x/esignon-auth';", imports],
  ['a store that imports another value', store, "import { memoryStore } from '@x/auth-core';", imports],
  ['a store that imports all values', store, "import * as core from '@x/auth-core';", imports],
  ['a store that passes a value on', store, "export { memoryStore } from '@x/auth-core';", imports],
  ['a store that imports another entry point', store, "import type { B } from '@x/auth-core/provider';", imports],
  ['a store that imports a provider', store, "import type { B } from '@x/esignon-auth';", imports],
  ['a core that imports a provider', requests, "import type { C } from '@x/esignon-auth';", imports],
  ['a core that imports its own name', core('#.ts'), "import type { C } from '@x/auth-core';", imports],
  ['an import of the own index', requests, "import type { AccessToken } from '../index.ts';", imports],
  ['an application that imports its own index', 'apps/demo/src/#.ts', "import type { A } from './index.ts';", imports],
  ['a token that imports', core('access-token.ts'), "import 'node:fs';", imports],
  ['an error that imports', core('auth-error.ts'), "import type { AccessToken } from './access-token.ts';", imports],
  ['requests that know the lifecycle', requests, "import type { G } from '../lifecycle/clock.ts';", imports],
  ['a lifecycle that knows requests', lifecycle, "import type { G } from '../requests/send.ts';", imports],
  ['requests that import provider/ back', requests, "import type { H } from '../provider/read-env.ts';", imports],
  ['requests that import provider/ back', requests, "import type { H } from '../provider/options.ts';", imports],
  ['a lifecycle that imports testing/ back', lifecycle, "import type { H } from '../testing/fault.ts';", imports],
  ['stores that import provider/ back', core('stores/#.ts'), "import type { H } from '../provider/read-env.ts';", imports],
  ['an index that passes on provider/', core('index.ts'), "export type { H } from './provider/read-env.ts';", imports],
  ['provider/ that imports testing/ back', core('provider/#.ts'), "import type { H } from '../testing/fault.ts';", imports],
  ['testing/ that imports provider/ back', core('testing/#.ts'), "import type { H } from '../provider/read-env.ts';", imports],
  ['a cycle', core('requests/circle-1.ts'), "import { two } from './circle-2.ts';\nexport const one = () => two;", cycle],
  ['a cycle of types only', core('stores/ring-1.ts'), "import type { Two } from './ring-2.ts';\nexport type One = Two | 1;", cycle],
  ['an import for its effect', requests, "import './send.ts';", 'import(no-unassigned-import)'],
  ['export * of a file', requests, "export * from '../auth-error.ts';", 'house(export-all)'],
  ['export * of a file in a provider’s index', 'packages/#-auth/src/index.ts', "export * from './login.ts';", 'house(export-all)'],
  ['export * of the core elsewhere than in an index', provider, "export * from '@x/auth-core';", 'house(export-all)'],
  ['export * in a core’s entry point', core('testing/index.ts'), "export * from './fault.ts';", 'house(export-all)'],
  ['process.env in a login', provider, 'export const user = () => process.env;', environment],
  ['process.env in options outside of …FromEnv', 'packages/#-auth/src/options.ts', 'export const f = () => process.env.USER;', environment],
  ['the environment of globalThis', requests, 'export const f = () => globalThis.process.env;', environment],
  ['the environment taken apart', requests, 'export function f() {\n  const { env } = process;\n  return env;\n}', environment],
  ['the environment imported', store, "import { env } from 'node:process';\nexport const f = () => env;", environment],
  ['the process imported', sandbox, "import process from 'node:process';\nexport const f = () => process;", environment],
  ['Date.now in requests', requests, 'export const at = () => Date.now();', properties],
  ['Date.now in provider/', core('provider/#.ts'), 'export const at = () => Date.now();', properties],
  ['the clock of globalThis', requests, 'export const at = () => globalThis.Date.now();', properties],
  ['performance.now in a login', provider, 'export const at = () => performance.now();', properties],
  ['Math.random in the lifecycle', lifecycle, 'export const jitter = () => Math.random();', properties],
  ['Math.random as a default', lifecycle, 'export const jitter = (random = Math.random) => random();', properties],
  ['new Date() in a login', provider, 'export const at = () => new Date();', 'house(new-date)'],
  ['a let', provider, 'let count = 0;\nexport const next = () => ++count;', state],
  ['an exported let', provider, 'export let count = 0;', state],
  ['an empty map', provider, 'export const cache = new Map();', state],
  ['a store that is made', provider, 'export const kept = memoryStore();', state],
  ['something that is started', sandbox, 'const server = startServer();\nexport const f = () => server;', state],
  ['an AsyncLocalStorage', requests, 'export const scope = new AsyncLocalStorage(1);', state],
  ['a full set that is changed', requests, 'const names = new Set([1]);\nexport const more = () => names.add(2);', state],
  ['an object that is changed', requests, 'const seen = { a: { b: 1 } };\nexport function f() {\n  seen.a.b = 2;\n}', state],
  ['a count in an object', requests, 'const seen = { a: 1 };\nexport const f = () => seen.a++;', state],
  ['a field that is deleted', requests, 'const seen = { a: 1 };\nexport const f = () => delete seen.a;', state],
  ['a static field', provider, 'export class A {\n  static count = 0;\n}', state],
  ['a static map', provider, 'export class A {\n  static readonly kept = new Map();\n}', state],
  ['an effect at load', provider, "console.log('loaded');", state],
];

const allowed: readonly (readonly [what: string, path: string, source: string])[] = [
  ['a provider that passes on the core', 'packages/#-auth/src/index.ts', "export * from '@x/auth-core';"],
  [
    'a provider on the core',
    provider,
    "import { AuthError } from '@x/auth-core';\nimport { sendLoginRequest } from '@x/auth-core/provider';\nimport * as v from 'valibot';",
  ],
  [
    'a sandbox on testing',
    'packages/#-auth/src/sandbox/index.ts',
    "import { startSandbox } from '@x/auth-core/testing';\nimport { account } from './account.ts';\nexport const at = () => Date.now();",
  ],
  [
    'a store on types and the error',
    store,
    "import { AuthError, type TokenStore } from '@x/auth-core';\nimport type { Lease } from '@x/auth-core';",
  ],
  [
    'a shell support that loads its sandbox',
    shellSupport,
    "import { a } from './index.ts';\nexport const s = () => [a, import('./sandbox.ts')];",
  ],
  [
    'a command on the core and a store',
    command,
    "import { a } from '@x/auth-core';\nexport const s = () => [a, import('@x/auth-store-sqlite')];",
  ],
  ['…FromEnv', 'packages/#-auth/src/options.ts', 'export function acmeOptionsFromEnv(env = process.env) {\n  return env;\n}'],
  [
    'the default of an option',
    core('lifecycle/clock.ts'),
    'export const systemClock = { now: () => Date.now(), monotonic: () => performance.now() };',
  ],
  ['a time that was given', provider, 'export const at = (now: number) => new Date(now);'],
  [
    'what never changes',
    requests,
    "const names = new Map([['a', 1]]);\nexport const f = (names: number[]) => names.push(1);\nexport const g = () => names.get('a');\nexport class A {\n  static readonly none = 0;\n}",
  ],
  ['a root context', lifecycle, 'const outside = AsyncLocalStorage.snapshot();\nexport const f = () => outside(() => 1);'],
  [
    'an application',
    'apps/demo/src/#.ts',
    "import { createEsignonTokenProvider } from '@x/esignon-auth';\nlet shown = 0;\nshown += Date.now();\nconsole.log(process.env, shown, createEsignonTokenProvider);",
  ],
  ['the other half of a cycle', core('requests/circle-2.ts'), "import { one } from './circle-1.ts';\nexport const two = () => one;"],
  ['the other half of a cycle of types', core('stores/ring-2.ts'), "import type { One } from './ring-1.ts';\nexport type Two = One | 2;"],
];

const place = (path: string, index: string): string => path.replace('#', `seed-${index}`);
const reportSchema = v.object({ diagnostics: v.array(v.object({ code: v.optional(v.string(), ''), filename: v.string() })) });

/** The linter's report on all seeds, by the repository's own configuration, less the rules that need types. */
function lint(): Map<string, Set<string>> {
  const config = JSON.parse(readFileSync(join(repository, '.oxlintrc.json'), 'utf8')) as object; // its shape is the linter's to check
  const files = [
    ['.oxlintrc.json', JSON.stringify({ ...config, options: {} })] as const,
    ...violations.map(([, path, source], index) => [place(path, `${index}`), source] as const),
    ...allowed.map(([, path, source], index) => [place(path, `good-${index}`), source] as const),
  ];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  cpSync(join(repository, 'tools/oxlint-plugin'), join(root, 'tools/oxlint-plugin'), { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  const oxlint = join(repository, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format=json'], { cwd: root, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`the linter did not run: ${stdout}${stderr}`);
  const found = new Map<string, Set<string>>();
  for (const { filename, code } of v.parse(reportSchema, JSON.parse(stdout)).diagnostics) {
    found.set(filename, (found.get(filename) ?? new Set()).add(code));
  }
  return found;
}

const found = lint();

it.each(violations.map((seed, index) => [...seed, index] as const))('the linter finds %s', (_, path, __, rule, index) => {
  expect([...(found.get(place(path, `${index}`)) ?? [])]).toContain(rule);
});

const ours = [...new Set(violations.map(([, , , rule]) => rule))];
it.each(allowed.map((one, index) => [...one, index] as const))('the linter lets pass %s', (what, path, _, index) => {
  const codes = [...(found.get(place(path, `good-${index}`)) ?? [])].filter((code) => ours.includes(code));
  expect(codes).toEqual(what.startsWith('the other half') ? [cycle] : []);
});
