import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findNode } from '@x/node-matrix';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, expect, it } from 'vitest';

import { remove, temporaryDirectory } from '../packages/repository.ts';
import { root } from './documents.ts';
import { mistakes, mistakesOfNode20 } from './messages.ts';
import { makeOldProject } from './oldest-node.ts';

const page = 'docs/troubleshooting.md';
const text = readFileSync(join(root, page), 'utf8');

/** The messages in the first cells of the page's tables. */
const documented = [...text.matchAll(/^\| `(?:… )?([^`]+?)(?: …)?`\s*\|/gm)].map(([, message = '']) => message);
const known = [...Object.keys(mistakes), ...Object.keys(mistakesOfNode20)];
const node20 = findNode(20);

async function failureOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    return String(error);
  }
  return 'nothing failed';
}

describe(`the messages of ${page}`, () => {
  it('are those that the mistakes of this test are told by', () => {
    expect(documented.toSorted()).toEqual(known.toSorted());
    expect(known.length).toBeGreaterThanOrEqual(25);
  });

  it.each(Object.entries(mistakes))('are what a user sees: %s', async (message, mistake) => {
    await using sandbox = await startEsignonSandbox();
    const directory = temporaryDirectory();
    try {
      expect(await failureOf(() => mistake(sandbox, directory))).toContain(message);
    } finally {
      remove(directory);
    }
  });

  it.skipIf(node20 === undefined).each(Object.entries(mistakesOfNode20))(
    'are what a user of Node 20 sees: %s',
    async (message, mistake) => {
      using project = makeOldProject();
      const program = project.write('sqlite.mjs', "import '@x/auth-store-sqlite';\n");
      expect(await failureOf(() => mistake(node20?.path ?? '', program))).toContain(message);
    },
  );
});
