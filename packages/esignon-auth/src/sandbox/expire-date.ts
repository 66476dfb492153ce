/** What the sandbox writes into `expire_date`: a value as it is, or a function of the vendor's clock (undefined = the field is left out). */
export type SandboxExpireDate = string | number | ((now: number) => unknown);

/** How long a token is good: 30 days, in milliseconds [V]. */
export const tokenLifetime: number = 30 * 24 * 60 * 60 * 1000;

const koreanOffset = 9 * 60 * 60 * 1000;

/** `2020-01-31 04:23:28.0`: the vendor's way of writing an instant, here in Korean time [A]. */
export function formatExpireDate(instant: number): string {
  const [date, time] = new Date(instant + koreanOffset).toISOString().split(/[T.]/);
  return `${date} ${time}.0`;
}
