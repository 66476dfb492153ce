import { readFile } from 'node:fs/promises';

import { describeTokenProvider } from '@x/auth-core/testing';
import { describe, expect, it, test } from 'vitest';

import { archetypes } from './archetypes.ts';

for (const archetype of archetypes) describeTokenProvider({ describe, it }, archetype);

test.each(archetypes)(
  '$name takes at most sixty lines, with what the core offers to authors and nothing else of ours',
  async ({ name }) => {
    const source = await readFile(new URL(`${name}/provider.ts`, import.meta.url), 'utf8');
    const imported = [...source.matchAll(/ from '([^']+)'/g)].map(([, specifier = '']) => specifier);
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    expect(imported.filter((specifier) => !specifier.startsWith('node:'))).toEqual(['@x/auth-core', '@x/auth-core/provider', 'valibot']);
  },
);
