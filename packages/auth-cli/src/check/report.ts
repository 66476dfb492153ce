import { styleText } from 'node:util';

import { type CommandContext, type ExitStatus, exitStatus } from '../command.ts';
import { say } from '../language.ts';
import { fill } from './advice.ts';
import type { Step } from './step.ts';
import { stepNames, words } from './words.ts';

/** Tells of the steps of a check: line by line, or as one JSON text at the end. */
export interface Report {
  add(step: Step): void;
  /** @returns The exit status of the check. */
  end(): ExitStatus;
}

type ReportContext = Pick<CommandContext, 'json' | 'language' | 'stdout' | 'env' | 'vendor'>;

/** For a program if `--json` is given, for a person otherwise. */
export function openReport(context: ReportContext): Report {
  const steps: Step[] = [];
  const write = (...lines: string[]): void => context.stdout.write(...lines);
  return {
    add(step) {
      // A warning that turned into a failure is told once.
      const isTold = steps.at(-1)?.name === step.name;
      steps.push(step);
      if (!context.json && !isTold) write(...linesOf(step, context));
    },
    end() {
      const status = statusOf(steps);
      if (context.json) write(JSON.stringify(asJson(steps, status, context)));
      else if (status === exitStatus.ok) write('', paint(context, 'green', say(words.well, context.language)));
      return status;
    },
  };
}

function statusOf(steps: readonly Step[]): ExitStatus {
  return steps.find(({ outcome }) => outcome === 'failed')?.advice?.status ?? exitStatus.ok;
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const;

function linesOf({ name, outcome, detail, answer, advice, details = {} }: Step, context: ReportContext): string[] {
  const { language } = context;
  const [color, mark] = marks[outcome];
  const title = say(stepNames[name], language);
  const colon = language === 'fr' ? ' : ' : ': ';
  const tell = (label: keyof typeof words, text: string): string => `  ${say(words[label], language)}${colon}${text}`;
  return [
    `${paint(context, color, mark)} ${title}${detail === '' ? '' : `${colon}${detail}`}`,
    ...(answer === undefined ? [] : [tell('answered', answer)]),
    ...(advice === undefined ? [] : [tell('means', fill(say(advice.means, language), details))]),
    ...(advice === undefined ? [] : [tell('todo', fill(say(advice.todo, language), details))]),
  ];
}

/** In colour for a person who has not switched that off. */
function paint({ stdout, env }: ReportContext, color: 'green' | 'yellow' | 'red', text: string): string {
  const isPlain = !stdout.isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isPlain ? text : styleText(color, text, { validateStream: false });
}

function asJson(steps: readonly Step[], status: ExitStatus, { vendor, language }: ReportContext): object {
  const last = new Map(steps.map((step) => [step.name, step]));
  return {
    vendor: vendor.name,
    ok: status === exitStatus.ok,
    steps: [...last.values()].map(({ name, outcome, detail, answer, advice, details = {} }) => ({
      name,
      outcome,
      detail,
      answer,
      ...(advice === undefined
        ? {}
        : { cause: advice.cause, means: fill(say(advice.means, language), details), todo: fill(say(advice.todo, language), details) }),
    })),
  };
}
