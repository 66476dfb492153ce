import { describe, expect, it } from 'vitest';

import { findViolations } from './rules.ts';
import { type Case, check, instead, testCases } from './violation-cases.ts';

const words: readonly Case[] = [
  ['a registry host', () => ({ 'README.md': ['registry', 'npmjs', 'org'].join('.') }), 'README.md:1', /registry host/],
  ['a path of one machine', () => ({ 'README.md': ['a\nin ', 'root', 'x'].join('/') }), 'README.md:2', /path of one machine/],
  ['the number of a task', () => ({ 'README.md': ['issue', '12'].join(' ') }), 'README.md:1', /by its number/],
  ['a lockfile with a URL', () => ({ 'pnpm-lock.yaml': 'resolution: https://example.com/a.tgz' }), 'pnpm-lock.yaml:1', /holds a URL/],
];

const workflows: readonly Case[] = [
  [
    'an action that is not pinned',
    () => instead('.github/workflows/ci.yml', `${'0'.repeat(40)} # v1.2.3`, 'v1'),
    '.github/workflows/ci.yml:7',
    /must be pinned/,
  ],
  [
    'a workflow that GitHub would refuse',
    () => instead('.github/workflows/ci.yml', 'runs-on: ubuntu-latest', 'on-runs: x'),
    '.github/workflows/ci.yml:4',
    /runs-on/,
  ],
];

describe('the rules for the whole repository', () => {
  it('hold in a good one', async () => {
    expect(await check({}, findViolations)).toEqual([]);
  });

  testCases(words);
  testCases(workflows, findViolations);
});
