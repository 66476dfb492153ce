/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether one of these variables is set; an empty one counts as not set. */
export function namesAny(env: Environment, names: readonly string[]): boolean {
  return names.some((name) => (env[name] ?? '') !== '');
}
