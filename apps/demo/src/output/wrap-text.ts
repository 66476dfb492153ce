/** Breaks a text into lines of at most `width` columns, at its blanks; a longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && columns(`${line} ${word}`) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** How many columns a terminal needs: Chinese, Japanese and Korean characters take two. */
export function columns(text: string): number {
  return text.replaceAll(/[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff01-\uff60]/gu, '  ').length;
}

/** What a vendor says must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').trim();
}
