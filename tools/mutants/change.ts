import * as v from 'valibot';

/** A change of one file that a test has to notice. */
export const changeSchema = v.strictObject({
  what: v.string(),
  file: v.string(),
  from: v.string(),
  to: v.string(),
  tests: v.array(v.string()),
});

export type Change = v.InferOutput<typeof changeSchema>;

/** @throws Error where the text to change does not stand in the source exactly once. */
export function applyChange(source: string, { file, from, to }: Change): string {
  if (source.split(from).length !== 2) throw new Error(`${file}: expected to find this once: ${from}`);
  return source.replace(from, () => to);
}
