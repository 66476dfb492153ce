/** One top-level statement of a declaration file, without its comments. */
export interface Statement {
  readonly text: string;
  /** What it declares; none for imports and re-exports. */
  readonly name?: string;
}

/**
 * Splits a declaration file as the compiler writes it: a statement begins in the first column, and what belongs to it is indented or
 * closes it.
 */
export function readStatements(source: string): readonly Statement[] {
  const lines = stripComments(source).split('\n');
  const starts = lines.flatMap((line, index) => (/^[a-z]/.test(line) ? [index] : []));
  return starts.map((start, index) => {
    const text = lines
      .slice(start, starts[index + 1])
      .filter((line) => line.trim() !== '')
      .join('\n');
    const name = /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|function|interface|let|type|enum|namespace) ([\w$]+)/.exec(
      text,
    )?.[1];
    return name === undefined ? { text } : { text, name };
  });
}

/** Removes comments; what stands in a string or a template type stays. */
function stripComments(source: string): string {
  const commentOrString = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return source.replaceAll(commentOrString, (found) => (found.startsWith('/') ? '' : found));
}
