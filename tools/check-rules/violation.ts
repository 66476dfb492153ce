/** One place where the repository breaks one of its rules. */
export interface Violation {
  /** The rule's name, as it stands in front of the message. */
  readonly rule: string;
  /** Relative to the repository's root. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong, and what to do instead. */
  readonly message: string;
}

export function printViolation({ rule, path, line, message }: Violation): string {
  return `${path}:${line} [${rule}] ${message}`;
}
