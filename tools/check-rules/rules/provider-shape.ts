import { readExports } from '../exports.ts';
import { entryPoints } from '../modules.ts';
import { vendorNames } from '../vendor-names.ts';
import type { Violation } from '../violation.ts';
import type { Package, Workspace } from '../workspace.ts';

/** What only authors of providers need of the core's main entry; integrators get everything else through the provider that they installed. */
const FOR_AUTHORS = ['AccessTokenInit', 'AuthErrorInit', 'createTokenProvider', 'LoginContext', 'VendorProtocol'];

/** Every provider has the same files and the same kinds of exports. */
export function checkProviderShape(workspace: Workspace): Violation[] {
  const core = workspace.packages.find(({ kind }) => kind === 'core');
  const shared = core === undefined ? [] : exportsOf(workspace, core, '.').filter((name) => !FOR_AUTHORS.includes(name));
  return workspace.packages
    .filter(({ kind }) => kind === 'provider')
    .flatMap((owner) => [...checkFiles(workspace, owner), ...checkExports(workspace, owner, shared)]);
}

function checkFiles({ has }: Workspace, owner: Package): Violation[] {
  const { file } = vendorNames(owner.dir);
  const sources = [
    'index',
    'options',
    'login',
    'is-rejection',
    `create-${file}-token-provider`,
    'sandbox/index',
    `sandbox/start-${file}-sandbox`,
  ];
  const paths = [...sources.map((name) => `src/${name}.ts`), 'test/provider-contract.test.ts', 'README.md', 'LICENSE', 'tsconfig.json'];
  return paths
    .map((path) => `${owner.dir}/${path}`)
    .filter((path) => !has(path))
    .map((path) => violation(path, 'is missing: every provider has it'));
}

function checkExports(workspace: Workspace, owner: Package, shared: readonly string[]): Violation[] {
  const { type, value } = vendorNames(owner.dir);
  const own = [`create${type}TokenProvider`, `${type}Options`, `${value}OptionsFromEnv`];
  return [
    ...compare(`${owner.dir}/src/index.ts`, exportsOf(workspace, owner, '.'), [...own, ...shared], /^PasswordOption$/),
    ...compare(
      `${owner.dir}/src/sandbox/index.ts`,
      exportsOf(workspace, owner, './sandbox'),
      [`start${type}Sandbox`],
      new RegExp(`${type}|^[A-Z]`),
    ),
  ];
}

/** Names beyond the required ones are allowed where they match `also`. */
function compare(path: string, actual: readonly string[], required: readonly string[], also = /^$/): Violation[] {
  const missing = required.filter((name) => !actual.includes(name));
  const beyond = actual.filter((name) => !required.includes(name) && !also.test(name));
  return [
    ...missing.map((name) =>
      violation(path, `does not export ${name}: every provider exports the same (of the core: all but what authors need)`),
    ),
    ...beyond.map((name) => violation(path, `exports ${name}, which the other providers do not`)),
  ];
}

function exportsOf(workspace: Workspace, owner: Package, entry: string): string[] {
  const file = entryPoints(workspace, owner).get(entry);
  return file === undefined ? [] : [...readExports(file).keys()];
}

function violation(path: string, message: string): Violation {
  return { rule: 'provider-shape', path, line: 1, message };
}
