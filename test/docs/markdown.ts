/** A fenced code block. */
export interface CodeBlock {
  /** The first word behind the fence: `ts`, `sh`. */
  readonly language: string;
  readonly code: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

/** A heading, and the name by which links lead to it. */
interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
  readonly line: number;
}

/** The target of a link, as it was written. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** What the tests look at in a Markdown text. */
export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
}

/** @throws Error where a code block is not closed. */
export function parseMarkdown(text: string): Markdown {
  const blocks: CodeBlock[] = [];
  const headings: Heading[] = [];
  const links: Link[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const content = lines[index] ?? '';
    const line = index + 1;
    if (content.startsWith('```')) {
      const end = lines.indexOf('```', index + 1);
      if (end === -1) throw new Error(`line ${line}: the code block is not closed`);
      blocks.push({ language: /^`{3}(\S*)/.exec(content)?.[1] ?? '', code: `${lines.slice(index + 1, end).join('\n')}\n`, line });
      index = end;
    } else {
      const heading = /^(#+) (.+)$/.exec(content);
      if (heading !== null) headings.push(toHeading(heading[1] ?? '', heading[2] ?? '', line, headings));
      for (const [, anchor = ''] of content.matchAll(/<a id="([^"]+)">/g)) headings.push({ level: 0, text: '', anchor, line });
      for (const [, target = ''] of content.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)) links.push({ target, line });
    }
  }
  return { blocks, headings, links };
}

/** Anchors as GitHub makes them: a second one of the same name gets a number. */
function toHeading(marks: string, text: string, line: number, before: readonly Heading[]): Heading {
  const plain = text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  const slug = plain
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
  const same = before.filter((heading) => heading.anchor === slug || heading.anchor.replace(/-\d+$/, '') === slug).length;
  return { level: marks.length, text, anchor: same === 0 ? slug : `${slug}-${same}`, line };
}
