import type { Advice, Details } from './advice.ts';

/** The steps of a check, in their order. `pause` and `clock` appear only where there is something to tell. */
export type StepName = 'options' | 'pause' | 'network' | 'login' | 'clock' | 'token' | 'call';

/** How a step went. A warning stops nothing. */
export interface Step {
  readonly name: StepName;
  readonly outcome: 'ok' | 'warning' | 'failed';
  /** What was found, in names and numbers that need no translation. */
  readonly detail: string;
  /** What the vendor answered, in its words as far as they repeat no secret. */
  readonly answer?: string;
  readonly advice?: Advice;
  /** What the sentences of the advice are filled with. */
  readonly details?: Details;
}

/** A step that went well. */
export function done(name: StepName, detail: string): Step {
  return { name, outcome: 'ok', detail };
}

/** A step after which nothing else can be tried. */
export function failed(name: StepName, detail: string, advice: Advice, details: Details, answer?: string): Step {
  return { name, outcome: 'failed', detail, advice, details, ...(answer === undefined ? {} : { answer }) };
}
