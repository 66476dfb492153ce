import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

/** Ranges between our packages are `workspace:^`: an exact pin would turn every change of the core into a release of everything. */
export function checkWorkspaceRanges({ root, packages }: Workspace): Violation[] {
  const manifests = [
    { path: 'package.json', text: readFileSync(join(root, 'package.json'), 'utf8') },
    ...packages.map(({ dir, manifestText }) => ({ path: `${dir}/package.json`, text: manifestText })),
  ];
  return manifests.flatMap(({ path, text }) =>
    [...text.matchAll(/"(@x\/(?:auth-[\w-]+|[\w-]+-auth))"\s*:\s*"([^"]*)"/g)]
      .filter(([, , range]) => range !== 'workspace:^')
      .map(({ 1: name, 2: range, index }) => ({
        rule: 'workspace-ranges',
        path,
        line: text.slice(0, index).split('\n').length,
        message: `asks for ${name} as "${range}": write "workspace:^"`,
      })),
  );
}
