import { styleText } from 'node:util';

import type { Step } from './steps.ts';

/** Receives what happens, as it happens. */
export interface Reporter {
  start(): void;
  step(step: Step, number: number): void;
  result(result: Result): void;
  end(summary: Summary): void;
}

/** The result of one act with one vendor. */
export interface Result {
  readonly vendor: string;
  readonly ok: boolean;
  /** What was done. */
  readonly did: string;
  readonly notes: readonly string[];
  /** The logins that it caused. */
  readonly logins: number;
  /** Milliseconds. */
  readonly duration: number;
}

interface Summary {
  /** The source that made the calls. */
  readonly code: string;
  readonly failed: number;
  readonly logins: readonly { readonly label: string; readonly logins: number }[];
}

const margin = 3;
const labelWidth = 11;

const next = [
  ['npx -y pnpm@12 playground', 'the same in a page: break the vendors yourself, and watch'],
  ['README.md', 'the quick start, with an account of your own'],
  ['docs/errors.md', 'what each error means, and what to do'],
] as const;

/** Reports for people, as wide as the terminal; coloured if the stream is one (`NO_COLOR` and `FORCE_COLOR` apply). */
export function createReporter(stream: NodeJS.WritableStream & { readonly columns?: number }): Reporter {
  // Longer lines are hard to read, and in fewer columns nothing fits.
  const width = Math.max(32, Math.min(stream.columns ?? 80, 100)) - 1;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string => styleText(style, text, { stream });
  const print = (...lines: string[]): void => void stream.write(lines.map((line) => `${line}\n`).join(''));
  const printText = (text: string, indent = 0): void => print(...wrap(text, width - indent).map((line) => ' '.repeat(indent) + line));
  const heading = (text: string): void => print('', ...wrap(text, width).map((line) => paint('bold', line)), '');
  return {
    start() {
      print(...wrap('Two vendors, each with its own login, used in the same way', width).map((line) => paint('bold', line)));
      printText('Each is a sandbox on this machine. ✓ tells the logins that it counted, and the time.', margin);
    },
    step({ title, lesson }, number) {
      heading(`${number}. ${title}`);
      printText(lesson, margin);
    },
    result({ ok, vendor, did, notes, logins, duration }) {
      const indent = ' '.repeat(width < 60 ? margin + 2 : margin + 2 + labelWidth);
      const cost = `${count(logins)}, ${inWords(duration)}`;
      const lines = [did, ...notes].flatMap((text) => wrap(text, width - indent.length));
      const [first = '', ...rest] = width < 60 ? ['', ...lines] : lines;
      const head = `${vendor.padEnd(labelWidth)}${first}`;
      const gap = width - margin - 2 - columns(head) - cost.length;
      const fits = gap > 0;
      print(`   ${ok ? paint('green', '✓') : paint('red', '✗')} ${head}${fits ? ' '.repeat(gap) + paint('dim', cost) : ''}`);
      print(...[...rest, ...(fits ? [] : [cost])].map((line) => indent + line));
    },
    end({ code, failed, logins }) {
      heading('The code that made the calls to eSignon: apps/demo/src/esignon.ts');
      print(
        ...code
          .trimEnd()
          .split('\n')
          .flatMap((line) => wrapCode(line, width - margin))
          .map((line) => paint('cyan', ' '.repeat(margin) + line)),
      );
      heading('What next');
      for (const [what, why] of next) {
        print(' '.repeat(margin) + what);
        printText(why, margin + 2);
      }
      const verdict = failed === 0 ? paint('green', 'Everything was as expected:') : paint('red', `${failed} not as expected:`);
      print('', verdict, ...wrap(logins.map(({ label, logins: seen }) => `${label} saw ${count(seen)}`).join(', '), width));
    },
  };
}

function count(logins: number): string {
  if (logins === 0) return 'no login';
  return logins === 1 ? '1 login' : `${logins} logins`;
}

/** `<0.1 ms`, `0.4 ms`, `12 ms`, `1.3 s`. */
function inWords(milliseconds: number): string {
  if (milliseconds < 0.1) return '<0.1 ms';
  if (milliseconds < 1) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Breaks a text into lines of at most so many columns, at its spaces; a word that is longer is cut. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  // A vendor's message must not control the terminal.
  for (const word of text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && columns(`${line} ${word}`) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(...cut(word, width));
  }
  return lines;
}

/** A line of code goes on below, further to the right. */
function wrapCode(line: string, width: number): string[] {
  if (columns(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const [first = '', ...rest] = wrap(line, width - indent.length - 4);
  return [indent + first, ...rest.map((part) => `${indent}    ${part}`)];
}

function cut(word: string, width: number): string[] {
  if (columns(word) <= width) return [word];
  const characters = Array.from(word);
  let length = 0;
  while (columns(characters.slice(0, length + 1).join('')) <= width) length += 1;
  return [characters.slice(0, length).join(''), ...cut(characters.slice(length).join(''), width)];
}

/** The width of a text in a terminal: Chinese, Japanese and Korean characters take two columns. */
export function columns(text: string): number {
  return text.replaceAll(/[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff01-\uff60]/gu, '  ').length;
}
