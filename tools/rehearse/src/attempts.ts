import { join } from 'node:path';

import type { NodeBinary } from '@x/node-matrix';
import { exercise, type Loading, run } from '@x/packed';

import type { Attempt } from './cell.ts';
import { type OtherRuntime, runtimePackage } from './runtimes.ts';

/** A project that has one provider and one undici installed. */
export interface Project {
  readonly provider: string;
  readonly undici: string;
  readonly directory: string;
}

const loadings: readonly Loading[] = ['import', 'require'];

/** Runs the provider on each Node that its undici supports. */
export function nodeAttempts({ provider, undici, directory }: Project, nodes: readonly NodeBinary[]): readonly Attempt[] {
  const able = nodes.filter(({ major }) => undici === '7' || major > 20);
  return able.flatMap((node) =>
    loadings.map((loading) => ({
      row: `${provider}, undici ${undici}, ${loading}`,
      column: `Node ${node.major}`,
      decides: true,
      run: async () => {
        const result = await exercise(directory, loading, [node.path]);
        if (result.runtime === `Node ${node.version}` && result.undici.startsWith(`${undici}.`)) return 'ok';
        throw new Error(`it ran on ${result.runtime} with undici ${result.undici}`);
      },
    })),
  );
}

/** Runs the provider on a runtime that does not decide. */
export function otherAttempts({ provider, undici, directory }: Project, { name, start }: OtherRuntime): readonly Attempt[] {
  return loadings.map((loading) => ({
    row: `${provider}, undici ${undici}, ${loading}`,
    column: name,
    decides: false,
    run: async () => {
      if (start === undefined) return 'not here';
      await exercise(directory, loading, start);
      return 'ok';
    },
  }));
}

/** Checks the types of a program that uses the provider, and the declarations of everything that it imports. */
export function typeAttempts({ provider, undici, directory }: Project): readonly Attempt[] {
  const resolutions = [
    { name: 'nodenext', module: 'nodenext' },
    { name: 'bundler', module: 'esnext' },
  ];
  return ['5', '7'].flatMap((typescript) =>
    resolutions.map(({ name, module }) => ({
      row: `${provider}, undici ${undici}, types, ${name}`,
      column: typescript === '5' ? 'TypeScript 5.9' : 'TypeScript 7.0',
      decides: true,
      run: async () => {
        const compiler = join(runtimePackage(`typescript-${typescript}`), 'bin/tsc');
        const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', 'node'];
        const args = [compiler, ...strict, '--module', module, '--moduleResolution', name, 'types.ts'];
        await run(process.execPath, args, { cwd: directory, timeout: 180_000 });
        return 'ok';
      },
    })),
  );
}
