import { join } from 'node:path';

import { findNode, type NodeBinary } from '@x/node-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeProject, type Project } from './project.ts';
import { remove, temporaryDirectory } from './repository.ts';
import { run } from './run.ts';
import { allNodes, installRuntimes, otherRuntimes, runtimePackage } from './runtimes.ts';
import { fromRegistry, fromTarballs, type Source } from './source.ts';

/** `pnpm rehearse`: everything that is promised, with a registry in between. */
const isRehearsal = process.env['REHEARSAL'] === 'true';
if (isRehearsal) await installRuntimes();

const providers = ['@x/esignon-auth', '@x/datacomsys-auth'];
const here = (...nodes: readonly (NodeBinary | undefined)[]): NodeBinary[] => nodes.filter((node) => node !== undefined);
const undicis = [
  { undici: '7', nodes: isRehearsal ? allNodes() : here(findNode(20)) },
  { undici: '8', nodes: isRehearsal ? allNodes().filter(({ major }) => major > 20) : here(findNode(24)) },
];
const loadings = [
  { loading: 'import', program: 'by-import.mjs' },
  { loading: 'require', program: 'by-require.cjs' },
];
const typescripts = ['typescript-5', 'typescript-7'].flatMap((typescript) => [
  { typescript, resolution: 'nodenext', module: 'nodenext' },
  { typescript, resolution: 'bundler', module: 'esnext' },
]);

const timeout = 180_000;
const directory = temporaryDirectory();
let source: Source;
beforeAll(async () => {
  source = await (isRehearsal ? fromRegistry : fromTarballs)(directory);
}, timeout);
afterAll(() => {
  source.close();
  remove(directory);
});

describe.concurrent.each(providers)('%s, packed and installed alone', (provider) => {
  describe.concurrent.each(undicis.filter(({ nodes }) => nodes.length > 0))('with undici $undici', ({ undici, nodes }) => {
    let project: Project;
    beforeAll(async () => {
      const label = join(directory, `${provider.replace('@x/', '')}-${undici}`);
      const application = { undici: `^${undici}.0.0`, ...(isRehearsal ? { '@types/node': '^20.0.0' } : {}) };
      project = await makeProject(label, provider, source, application, nodes[0]?.path ?? process.execPath);
    }, timeout);

    it('brings the core and nothing else of ours', () => {
      expect(project.ours()).toEqual(['@x/auth-core', provider].toSorted());
    });

    describe.each(nodes.map((node) => ({ ...node, start: [node.path] as const })))('on Node $major', ({ version, start }) => {
      it.each(loadings)('runs against its sandbox by $loading', { timeout }, async ({ program }) => {
        const result: unknown = JSON.parse(await project.run(program, start));
        expect(result).toEqual({ runtime: `Node ${version}`, undici: expect.stringMatching(new RegExp(`^${undici}\\.`)) });
      });

      // What it is about is the core's, and the same with either provider.
      if (provider !== '@x/esignon-auth') return;
      it('keeps no request alive: not the one that made the provider, that logged in, or that gave up', { timeout }, async () => {
        expect(JSON.parse(await project.run('contexts.mjs', start))).toEqual([false, false, false, false]);
      });

      it('outlives an abort of Node’s own fetch, whose reader hears of it', { timeout }, async () => {
        expect(await project.run('abort.cjs', start)).toBe('read on');
      });
    });

    it.each(isRehearsal ? typescripts : [])('has types for $typescript, $resolution', { timeout }, async (one) => {
      const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', 'node'];
      const args = [
        join(runtimePackage(one.typescript), 'bin/tsc'),
        ...strict,
        '--module',
        one.module,
        '--moduleResolution',
        one.resolution,
      ];
      expect(await run(process.execPath, [...args, 'types.ts'], { cwd: project.programs, timeout })).toBe('');
    });

    // Nothing is promised of these: where one cannot do it, its reason is told, and nothing fails.
    for (const { name, start } of isRehearsal ? otherRuntimes() : []) {
      it.for(loadings)(`runs on ${name} by $loading`, { timeout }, async ({ program }, { skip }) => {
        const told = await project.run(program, start).catch((error: unknown) => skip(/^.*Error: .*$/m.exec(String(error))?.[0]));
        expect(told).toContain(name);
      });
    }
  });

  // The undici that npm then picks has to be one that runs on the oldest Node.
  it.each(isRehearsal ? allNodes().slice(0, 1) : [])(
    'runs on Node $major without an undici of the application’s own',
    { timeout },
    async (oldest) => {
      const project = await makeProject(join(directory, `${provider.replace('@x/', '')}-alone`), provider, source, {}, oldest.path);
      expect(project.ours()).toEqual(['@x/auth-core', provider].toSorted());
      expect(JSON.parse(await project.run('by-import.mjs', [oldest.path]))).toMatchObject({ runtime: `Node ${oldest.version}` });
    },
  );
});
