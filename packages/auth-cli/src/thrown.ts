/** What is thrown can be anything: its `code`, which errors of Node.js have. */
export function codeOf(thrown: unknown): unknown {
  const { code }: { code?: unknown } = Object(thrown);
  return code;
}

/** What is thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
