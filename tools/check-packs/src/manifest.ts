import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PackedPackage } from '@x/packed';

type Target = string | Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, Target>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, Target>>; readonly access?: string };
  readonly repository?: { readonly directory?: string };
  readonly homepage?: string;
  readonly bugs?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean;
  readonly type?: string;
}

const sourceCondition = '@x/source';

/** What is published has to be what is developed: the same exports but for the sources, and links that lead to this package. */
export async function checkManifest({ directory }: PackedPackage): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest; // its shape is what is checked here
  const folder = `packages/${directory.split(/[\\/]/).at(-1)}`;
  const published = Object.fromEntries(Object.entries(manifest.exports).map(([path, target]) => [path, withoutSource(target)]));
  const expectations: readonly (readonly [boolean, string])[] = [
    [
      JSON.stringify(manifest.publishConfig?.exports) === JSON.stringify(published),
      'publishConfig.exports is not exports less the sources',
    ],
    [manifest.publishConfig?.access === 'public', 'publishConfig.access is not public'],
    [manifest.type === 'module' && manifest.sideEffects === false, 'type is not module, or sideEffects is not false'],
    [manifest.repository?.directory === folder, `repository.directory is not ${folder}`],
    [manifest.homepage?.includes(folder) === true && manifest.bugs !== undefined, 'homepage or bugs is missing'],
    ...Object.entries(manifest.exports).flatMap(([path, target]) => checkTarget(path, target)),
    ...Object.entries(manifest.dependencies ?? {}).map(
      ([name, range]) => [!name.startsWith('@x/') || range === 'workspace:^', `${name} is ${range} instead of workspace:^`] as const,
    ),
  ];
  return expectations.flatMap(([holds, message]) => (holds ? [] : [message]));
}

function withoutSource(target: Target): Target {
  if (typeof target === 'string') return target;
  return Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== sourceCondition));
}

/** Sources, types and code of an entry point are the same file, and types come before code. */
function checkTarget(path: string, target: Target): readonly (readonly [boolean, string])[] {
  if (typeof target === 'string') return [[path === './package.json', `${path} has no types`]];
  const stem = target[sourceCondition]?.replace(/^\.\/src\//, '').replace(/\.ts$/, '');
  return [
    [
      Object.keys(target).join() === `${sourceCondition},types,default`,
      `${path} has other conditions than ${sourceCondition}, types, default`,
    ],
    [target['types'] === `./dist/${stem}.d.ts` && target['default'] === `./dist/${stem}.js`, `${path} leads to different files`],
  ];
}
