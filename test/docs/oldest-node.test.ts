import { join } from 'node:path';

import { findNode } from '@x/node-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Example, examplesOf, readDocuments, withoutComments } from './documents.ts';
import { makeOldProject, type OldProject } from './oldest-node.ts';
import { limit, promisedLines, runExample } from './run-example.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

const node = findNode(20);

/** What the documents say of Node 20: plain JavaScript runs there, but for what needs `node:sqlite` or another server. */
const runsThere = ({ language, code }: Example): boolean => language === 'js' && !/auth-store-/.test(code);
const all = readDocuments().flatMap((document) => examplesOf(document).filter(runsThere));
/** A translation has the code of its original: that runs once. */
const distinct = [...new Map(all.toReversed().map((one) => [withoutComments(one.code), one])).values()];

const written = new Map<Example, string>();
const turns = limit(2);
let surroundings: Surroundings;
let project: OldProject;

beforeAll(async () => {
  project = makeOldProject();
  // An example may import another one of its page.
  for (const one of all) written.set(one, project.write(join(one.path.replaceAll(/[^\w-]/g, '_'), one.file), one.code));
  surroundings = await startSurroundings({ redis: false });
});
afterAll(async () => {
  project[Symbol.dispose]();
  await surroundings[Symbol.asyncDispose]();
});

describe.concurrent('the plain JavaScript of the documents, with the packages as they are built', () => {
  it.skipIf(node === undefined).each(distinct)('does what it says on Node 20: $name', async (example) => {
    const outcome = await turns(() => runExample(written.get(example) ?? '', surroundings.env, node?.path));
    expect({ exitCode: outcome.exitCode, stderr: outcome.stderr }).toEqual({ exitCode: 0, stderr: '' });
    if (!example.code.includes("'node:test'")) expect(outcome.stdout.split('\n').slice(0, -1)).toEqual(promisedLines(example.code));
  });

  it('is there for both vendors', () => {
    const codes = distinct.map(({ code }) => code).join('');
    for (const vendor of ['esignon', 'datacomsys']) expect(codes).toContain(`'@x/${vendor}-auth'`);
    expect(distinct.length).toBeGreaterThan(10);
  });
});
