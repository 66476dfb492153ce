import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ShellSupport } from '@x/auth-core/provider';
import { describe, expect, it } from 'vitest';

import { listFiles, repository } from '../packages/repository.ts';

type Targets = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

interface Manifest {
  readonly name: string;
  readonly exports: Targets;
  readonly publishConfig: { readonly exports: Targets };
}

const files = await listFiles();
const folders = [...new Set(files.flatMap((path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? []))];
const providers = folders.filter((folder) => folder.endsWith('-auth'));
const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(repository, 'packages', folder, 'package.json'), 'utf8')) as Manifest; // its shape is what is tested here

/** What is published of a target: all but the sources. */
function published(targets: Targets): object {
  const withoutSource = (target: Targets[string]): unknown =>
    typeof target === 'string' ? target : Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== '@x/source'));
  return Object.fromEntries(Object.entries(targets).map(([path, target]) => [path, withoutSource(target)]));
}

it('every package is the core, the shell command, a provider <vendor>-auth or a store auth-store-<where>, so that its rules are known', () => {
  expect(folders.filter((folder) => !/^(?:auth-core|auth-cli|(?!auth-)[a-z][a-z\d-]*-auth|auth-store-[a-z\d-]+)$/.test(folder))).toEqual(
    [],
  );
  expect(providers.length).toBeGreaterThan(1);
});

describe.each(folders)('the manifest of %s', (folder) => {
  const manifest = readManifest(folder);

  it('publishes what is developed, as a module without side effects, with links that lead to the package', () => {
    expect(manifest).toMatchObject({
      name: `@x/${folder}`,
      type: 'module',
      sideEffects: false,
      publishConfig: { access: 'public' },
      repository: { directory: `packages/${folder}` },
      homepage: expect.stringContaining(`packages/${folder}`),
      bugs: expect.any(String),
    });
    expect(manifest.publishConfig.exports).toEqual(published(manifest.exports));
  });

  it('has sources, types and code of each entry point in the same file, and types before code', () => {
    const { './package.json': own, ...entries } = manifest.exports;
    expect(own).toBe('./package.json');
    for (const target of Object.values(entries)) {
      const stem = /src\/(.*)\.ts$/.exec(typeof target === 'string' ? '' : (target['@x/source'] ?? ''))?.[1];
      const expected = { '@x/source': `./src/${stem}.ts`, types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` };
      expect(JSON.stringify(target)).toBe(JSON.stringify(expected));
    }
  });
});

it('every package has a limit for the size of its bundle', () => {
  const limits = JSON.parse(readFileSync(join(repository, '.size-limit.json'), 'utf8')) as { path: string }[]; // size-limit checks its shape
  const limited = new Set(limits.map(({ path }) => path));
  expect(folders.filter((folder) => !limited.has(`packages/${folder}/dist/index.js`))).toEqual([]);
});

/** The values that an entry point exports. */
async function valuesOf(folder: string, entry: string): Promise<string[]> {
  const target = readManifest(folder).exports[entry];
  const source = typeof target === 'object' ? (target['@x/source'] ?? '') : '';
  return Object.keys((await import(join(repository, 'packages', folder, source))) as object);
}

describe.each(providers)('the provider %s', (folder) => {
  const vendor = folder.replace(/-auth$/, '');
  const type = vendor.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = type.charAt(0).toLowerCase() + type.slice(1);
  const has = (path: string): boolean => files.includes(`packages/${folder}/${path}`);

  it('has the files that every provider has', () => {
    const sources = ['index', 'options', 'login', 'is-rejection', 'cli'].map((name) => `src/${name}.ts`);
    const others = ['test/provider-contract.test.ts', 'README.md', 'LICENSE', 'tsconfig.json'];
    expect([...sources, ...others].filter((path) => !has(path))).toEqual([]);
    expect(has('src/sandbox.ts') || has('src/sandbox/index.ts')).toBe(true);
  });

  it('exports what the core does for those who call a vendor, its options and two functions', async () => {
    const core = (await valuesOf('auth-core', '.')).filter((name) => name !== 'createTokenProvider');
    const values = await valuesOf(folder, '.');
    const own = [`create${type}TokenProvider`, `${value}OptionsFromEnv`];
    expect(values.filter((name) => name !== 'createTokenProvider').toSorted()).toEqual([...core, ...own].toSorted());
    expect(ownTypesOf(folder)).toContain(`${type}Options`);
    expect(ownTypesOf(folder).filter((name) => name !== `${type}Options` && name !== 'PasswordOption')).toEqual([]);
  });

  it('offers itself to the shell command, with variables that begin with its name', async () => {
    expect(await valuesOf(folder, './cli')).toEqual(['shellSupport']);
    const { shellSupport } = (await import(join(repository, 'packages', folder, 'src/cli.ts'))) as { shellSupport: ShellSupport };
    expect(shellSupport.name).toBe(vendor);
    const prefix = `${vendor.replaceAll('-', '_').toUpperCase()}_`;
    expect(shellSupport.variables.filter(({ name }) => !name.startsWith(prefix))).toEqual([]);
    expect(shellSupport.variables.some(({ isSecret }) => isSecret === true)).toBe(true);
  });

  it('has a sandbox that is started as every other', async () => {
    const values = await valuesOf(folder, './sandbox');
    expect(values).toContain(`start${type}Sandbox`);
    expect(values.filter((name) => !name.includes(type))).toEqual([]);
  });
});

/** The types that an index exports of its own package. */
function ownTypesOf(folder: string): string[] {
  const text = readFileSync(join(repository, 'packages', folder, 'src/index.ts'), 'utf8');
  const statements = [...text.matchAll(/^export (type )?\{([^}]*)\}(?: from '\.[^']*')?;$/gm)];
  const listed = statements.flatMap(([, all = '', names = '']) => names.split(',').map((name) => all + name.trim()));
  const declared = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => `type ${name}`);
  return [...listed, ...declared].flatMap((name) => /^type (?:type )?(\w+)$/.exec(name)?.[1] ?? []);
}
