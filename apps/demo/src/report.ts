import { styleText } from 'node:util';

import type { Step } from './steps.ts';
import type { Vendor } from './vendors.ts';

/** Receives what happens, as it happens. */
export interface Reporter {
  start(vendors: readonly Vendor[]): void;
  step(step: Step, number: number): void;
  result(result: Result, step: Step): void;
  end(summary: Summary): void;
}

/** The result of one act with one vendor. */
export interface Result {
  /** The vendor's label. */
  readonly vendor: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What was done, or why it failed or was skipped. */
  readonly did: string;
  readonly notes: readonly string[];
  /** The logins that it caused. */
  readonly logins: number;
  /** Milliseconds. */
  readonly duration: number;
  /** The `AuthError.code` of a failure that has one. */
  readonly code?: string;
}

/** The result of the whole demo. */
export interface Summary {
  readonly ok: boolean;
  readonly failed: number;
  readonly skipped: number;
  /** With the number of logins of each vendor. */
  readonly vendors: readonly { readonly label: string; readonly url: string; readonly sandbox: boolean; readonly logins: number }[];
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const width = 78;
const margin = '   ';
const labelWidth = 12;
const indent = margin + ' '.repeat(labelWidth + 2);
const measureWidth = 18;

const signs: Readonly<Record<Result['outcome'], { sign: string; style: Style }>> = {
  ok: { sign: '✓', style: 'green' },
  failed: { sign: '✗', style: 'red' },
  skipped: { sign: '–', style: 'yellow' },
};

/** Reports for people, in 80 columns, coloured if the stream is a terminal (`NO_COLOR` and `FORCE_COLOR` apply). */
export function createTextReporter(stream: NodeJS.WritableStream): Reporter {
  const paint: Paint = (style, text) => styleText(style, text, { stream });
  const print = (...lines: string[]): void => void stream.write(lines.map((line) => `${line}\n`).join(''));
  return {
    start(vendors) {
      print(paint('bold', 'Two vendors, each with its own login, used in the same way'), '');
      for (const { label, url, sandbox } of vendors) {
        print(`${margin}${label.padEnd(labelWidth)}${sandbox === undefined ? 'the real one' : 'a sandbox on this machine'}, ${url}`);
      }
      print(`${margin}(--help tells how to use the real ones.)`);
    },
    step({ title, lesson }, number) {
      print('', `${paint('cyan', String(number))}  ${paint('bold', title)}`);
      print(...wrapText(lesson, width - margin.length).map((line) => margin + line));
    },
    result: (result) => print(...resultLines(result, paint)),
    end: (summary) => print('', verdict(summary, paint), paint('bold', countLogins(summary))),
  };
}

/** Reports for programs: one JSON document at the end. */
export function createJsonReporter(stream: NodeJS.WritableStream): Reporter {
  const steps = new Map<string, { id: string; title: string; results: Result[] }>();
  return {
    start: () => {},
    step: ({ id, title }) => void steps.set(id, { id, title, results: [] }),
    result: (result, { id }) => void steps.get(id)?.results.push(result),
    end(summary) {
      const withOutcome = [...steps.values()].map(({ id, title, results }) => {
        return { id, title, ok: results.every(({ outcome }) => outcome !== 'failed'), results };
      });
      stream.write(`${JSON.stringify({ ...summary, steps: withOutcome }, undefined, 2)}\n`);
    },
  };
}

function resultLines(result: Result, paint: Paint): string[] {
  const { sign, style } = signs[result.outcome];
  const isSkipped = result.outcome === 'skipped';
  const textWidth = width - indent.length - (isSkipped ? 0 : measureWidth);
  const [first = '', ...rest] = wrapText(isSkipped ? `skipped: ${result.did}` : result.did, textWidth);
  const gap = ' '.repeat(Math.max(0, textWidth - columns(first)));
  const head = `${margin}${paint(style, sign)} ${result.vendor.padEnd(labelWidth)}${first}${gap}${paint('dim', measure(result))}`;
  const notes = result.notes.flatMap((note) => wrapText(note, width - indent.length));
  return [head.trimEnd(), ...[...rest, ...notes].map((line) => indent + line)];
}

function measure({ outcome, logins, duration }: Result): string {
  if (outcome === 'skipped') return '';
  return formatLogins(logins).padStart(9) + formatDuration(duration).padStart(measureWidth - 9);
}

function formatLogins(logins: number): string {
  if (logins === 0) return 'no login';
  return logins === 1 ? '1 login' : `${logins} logins`;
}

/** `<0.1 ms`, `0.4 ms`, `12 ms`, `1.3 s`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.1) return '<0.1 ms';
  if (milliseconds < 1) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function verdict({ ok, failed, skipped }: Summary, paint: Paint): string {
  const also = skipped === 0 ? '' : `, ${skipped} skipped`;
  if (ok) return paint('green', `Everything was as expected${also}.`);
  return paint('red', failed === 0 ? 'There were logins outside of the steps.' : `${failed} not as expected${also}.`);
}

function countLogins({ vendors }: Summary): string {
  return vendors.map(({ label, logins, sandbox }) => `${label} ${sandbox ? 'saw' : 'was sent'} ${formatLogins(logins)}`).join(', ');
}

/** Breaks a text into lines of at most `columnWidth` columns, at its spaces; a longer word gets its own line. */
function wrapText(text: string, columnWidth: number): string[] {
  const lines: string[] = [];
  // A vendor's message must not control the terminal.
  for (const word of text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && columns(`${line} ${word}`) <= columnWidth) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The width of a text in a terminal: Chinese, Japanese and Korean characters take two columns. */
export function columns(text: string): number {
  return text.replaceAll(/[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff01-\uff60]/gu, '  ').length;
}
