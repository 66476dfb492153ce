import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

/** What became of an example. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The lines that an example says it prints: `console.log(name); // → Port de Montpellier`. */
export function promisedLines(code: string): string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text = '']) => text);
}

/** Runs a file with the Node that runs the tests, or with another one, and nothing of their environment but what is given. */
export function runExample(path: string, env: Readonly<Record<string, string>>, node: string = process.execPath): Promise<Outcome> {
  const args = ['--conditions=@x/source', '--disable-warning=ExperimentalWarning', path];
  const child = spawn(node, args, { cwd: dirname(path), env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...output }));
  });
}

/** Lets so many run at a time; the others wait for their turn. */
export function limit(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => void waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
