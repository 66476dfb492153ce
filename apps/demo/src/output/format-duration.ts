/** Milliseconds as a person reads them: `<0.1 ms`, `0.4 ms`, `12 ms`, `1.3 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.1) return '<0.1 ms';
  if (milliseconds < 1) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
