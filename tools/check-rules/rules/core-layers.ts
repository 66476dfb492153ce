import { posix } from 'node:path';

import { inSource, relativeTarget } from '../modules.ts';
import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

const LEAVES = ['access-token.ts', 'auth-error.ts'];

/** The direction of imports inside the core: values at the bottom, entry points for authors at the top. */
export function checkCoreLayers({ packages }: Workspace): Violation[] {
  return packages
    .filter(({ kind }) => kind === 'core')
    .flatMap((core) =>
      core.sources.flatMap((file) =>
        file.imports.flatMap((one) => {
          const target = relativeTarget(file, one.specifier);
          const message = judge(inSource(file, core), target && posix.relative(`${core.dir}/src`, target));
          return message === undefined ? [] : [{ rule: 'core-layers', path: file.path, line: file.lineAt(one.offset), message }];
        }),
      ),
    );
}

function judge(from: string, to: string | undefined): string | undefined {
  if (LEAVES.includes(from)) return `${from} imports nothing: everything else stands on it`;
  if (to === undefined) return undefined;
  const [here, there] = [folderOf(from), folderOf(to)];
  if (here === there) return undefined;
  if ((here === 'lifecycle' && there === 'requests') || (here === 'requests' && there === 'lifecycle')) {
    return 'lifecycle/ and requests/ know interfaces, not each other: move what both need next to the interfaces';
  }
  if (there === 'provider' || there === 'testing') return `nothing imports ${there}/ back: it is an entry point for authors`;
  return undefined;
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}
