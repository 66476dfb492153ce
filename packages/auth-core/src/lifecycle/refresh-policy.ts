/** Pure rules of when something happens. All times are milliseconds; `random` is from [0, 1). */

const day = 86_400_000;

/**
 * How long before its end a token is refreshed. Default: a tenth of the lifetime, at most a day; a wish not below the lifetime counts as half of
 * it; 0 = never ahead. Jitter of up to a fifth only makes it longer, so that a fleet does not refresh in step, and leaves at least half of
 * what comes before the window: a jittered window that swallowed the lifetime would refresh every token at once.
 */
export function refreshWindow(lifetime: number, refreshBefore: number | undefined, random: number): number {
  const wish = refreshBefore ?? Math.min(lifetime / 10, day);
  const window = wish >= lifetime ? lifetime / 2 : wish;
  return window + random * Math.min(window / 5, (lifetime - window) / 2);
}

/** The pause after the nth refresh in a row that failed: a second, doubling, up to five minutes. */
export function refreshPause(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 300_000);
}

/** The pause after the nth failed attempt of a login: 200 ms, doubling, up to 2 s; jitter takes away up to a half. */
export function retryPause(attempt: number, random: number): number {
  return Math.min(200 * 2 ** (attempt - 1), 2_000) * (1 - random / 2);
}

/** How long the nth refusal of the same credentials keeps them from being tried again: doubling, up to an hour. */
export function cooldownAfter(refusals: number, cooldown: number): number {
  return Math.min(cooldown * 2 ** (refusals - 1), Math.max(cooldown, 3_600_000));
}
