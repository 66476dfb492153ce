/** A sentence of a document. */
export interface Sentence {
  readonly text: string;
  /** The line on which its paragraph begins, from 1. */
  readonly line: number;
}

/** A paragraph, an item of a list, a heading, or a cell of a table. */
interface Block {
  text: string;
  readonly line: number;
}

/** The sentences of a Markdown text, in any language that ends them with a full stop of its own. Code is left out. */
export function sentencesOf(markdown: string): Sentence[] {
  return blocksOf(markdown).flatMap(({ text, line }) =>
    plain(text)
      .split(/(?<=[.!?](?:\*\*|["”)])?)\s+|(?<=[。！？])/u)
      .filter((sentence) => sentence.trim() !== '')
      .map((sentence) => ({ text: sentence.trim(), line })),
  );
}

/** How many words a sentence has. A piece of code is one. */
export function countWords(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let isCode = false;
  let open: Block | undefined;
  for (const [index, content] of markdown.split('\n').entries()) {
    const line = index + 1;
    if (content.startsWith('```')) isCode = !isCode;
    if (isCode || content.startsWith('```') || content.trim() === '') {
      open = undefined;
    } else if (content.trimStart().startsWith('|')) {
      open = undefined;
      if (!/^[\s|:-]+$/.test(content)) blocks.push(...content.split('|').map((text) => ({ text, line })));
    } else if (open === undefined || /^\s*(?:[-*#>]|\d+\.)\s/.test(content)) {
      open = { text: content.replace(/^\s*(?:[-*#>]+|\d+\.)\s/, ''), line };
      blocks.push(open);
    } else {
      open.text += ` ${content.trim()}`;
    }
  }
  return blocks;
}

/** As it is read: a link is its text, a piece of code one word, a comment nothing. */
function plain(text: string): string {
  return text
    .replaceAll(/<!--.*?-->/g, '')
    .replaceAll(/`+[^`]+`+/g, 'code')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
}
