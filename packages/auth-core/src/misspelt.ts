/** A name that somebody gave, and the one that it was probably meant to be. */
export type Misspelling = readonly [given: string, meant: string];

/**
 * Names in an object that are not known, and that are a known one but for upper and lower case, `_` and `-`. Where the known one can be read, too
 * (inherited, or in an environment that ignores case), nothing is amiss: what else is in there is nobody's business.
 */
export function findMisspelt(given: object, known: readonly string[]): Misspelling[] {
  const missing = new Map(known.filter((name) => !(name in given)).map((name) => [plain(name), name]));
  return Object.keys(given).flatMap((name): Misspelling[] => {
    const meant = known.includes(name) ? undefined : missing.get(plain(name));
    return meant === undefined ? [] : [[name, meant]];
  });
}

function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}
