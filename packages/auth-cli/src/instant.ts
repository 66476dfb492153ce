/** An instant to the second, in UTC (`2026-12-25T20:44:37Z`). */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+/, '');
}
