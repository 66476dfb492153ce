/** What the time line and the chart have in common, so that what happened at one time stands at one place. Pixels. */
export const left = 52;
export const right = 42;

/** The seconds that a picture of this width shows: a minute on a phone, two where there is room. */
export function secondsOf(width: number): number {
  return width < 480 ? 60 : 120;
}
