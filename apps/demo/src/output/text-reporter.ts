import { styleText } from 'node:util';

import type { Reporter, Summary } from '../run-demo.ts';
import type { Result } from '../steps/run-act.ts';
import { formatDuration } from './format-duration.ts';
import { columns, wrapText } from './wrap-text.ts';

type Style = Parameters<typeof styleText>[0];

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

/** Tells a person what happens, in 80 columns; in colour where the stream can show it (`NO_COLOR` and `FORCE_COLOR` are heeded). */
export function createTextReporter(stream: NodeJS.WritableStream): Reporter {
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  const print = (line = ''): void => void stream.write(`${line}\n`);
  return {
    start(vendors) {
      print(paint('bold', 'Two vendors, each with a login of its own, and one way to use both'));
      print();
      for (const { label, url, sandbox } of vendors) {
        print(`${margin}${label.padEnd(labelWidth)}${sandbox === undefined ? 'the real one' : 'a sandbox on this machine'}, ${url}`);
      }
      print(`${margin}(--help says how to meet the real ones.)`);
    },
    step({ title, lesson }, number) {
      print();
      print(`${paint('cyan', String(number))}  ${paint('bold', title)}`);
      for (const line of wrapText(lesson, width - margin.length)) print(margin + line);
    },
    result(result) {
      for (const line of resultLines(result, paint)) print(line);
    },
    end(summary) {
      print();
      print(verdict(summary, paint));
      print(paint('bold', countLogins(summary)));
    },
  };
}

function resultLines(result: Result, paint: (style: Style, text: string) => string): string[] {
  const { sign, style } = signs[result.outcome];
  const isSkipped = result.outcome === 'skipped';
  const room = width - indent.length - (isSkipped ? 0 : measureWidth);
  const [first = '', ...rest] = wrapText(isSkipped ? `skipped: ${result.did}` : result.did, room);
  const gap = ' '.repeat(Math.max(0, room - columns(first)));
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

function verdict({ ok, failed, skipped }: Summary, paint: (style: Style, text: string) => string): string {
  const also = skipped === 0 ? '' : `, ${skipped} skipped`;
  if (ok) return paint('green', `Everything went as it should${also}.`);
  return paint('red', failed === 0 ? 'There were logins that no step accounts for.' : `${failed} not as it should be${also}.`);
}

function countLogins({ vendors }: Summary): string {
  return vendors.map(({ label, logins, sandbox }) => `${label} ${sandbox ? 'saw' : 'was sent'} ${formatLogins(logins)}`).join(', ');
}
