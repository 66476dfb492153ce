import type { Reporter } from '../run-demo.ts';
import type { Result } from '../steps/run-act.ts';

interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly results: readonly Result[];
}

/** Tells a machine how it went: one JSON document, at the end. */
export function createJsonReporter(stream: NodeJS.WritableStream): Reporter {
  const steps = new Map<string, { title: string; results: Result[] }>();
  const report = (): StepReport[] =>
    [...steps].map(([id, { title, results }]) => ({ id, title, ok: results.every(({ outcome }) => outcome !== 'failed'), results }));
  return {
    start: () => {},
    step: ({ id, title }) => void steps.set(id, { title, results: [] }),
    result: (result, { id }) => void steps.get(id)?.results.push(result),
    end: (summary) => void stream.write(`${JSON.stringify({ ...summary, steps: report() }, undefined, 2)}\n`),
  };
}
