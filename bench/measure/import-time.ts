/** What the import of some modules costs in a fresh process: CPU, and the time that passes. */
import { answer, readInput } from '../harness/own-process.ts';

export interface ImportInput {
  readonly modules: readonly string[];
}

export interface ImportAnswer {
  /** Milliseconds of CPU. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly time: number;
}

const { modules } = readInput<ImportInput>();
const cpu = process.cpuUsage();
const began = performance.now();
for (const module of modules) await import(module);
const time = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
await answer({ cpu: (user + system) / 1_000, time } satisfies ImportAnswer);
