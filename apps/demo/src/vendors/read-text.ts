/** The text or number at a path in parsed JSON, as text; undefined = there is none. */
export function readText(json: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
