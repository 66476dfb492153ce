import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels, createAuthFetch, isAuthError, type TokenProvider, type TokenProviderOptions } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';

import { openStore, type StoreSpec } from './store-spec.ts';

/** What a process is to do. */
export interface Job {
  readonly vendor: 'esignon' | 'datacomsys';
  readonly baseUrl: string;
  readonly password: string;
  readonly store: StoreSpec;
  /** How many requests; 'until told' = until the message 'stop' comes. */
  readonly requests: number | 'until told';
  /** How many at once. */
  readonly parallel: number;
  /** After so many requests a new provider takes over, as a cron job that starts anew; absent = one provider makes them all. */
  readonly requestsPerProvider?: number;
  readonly options?: Pick<TokenProviderOptions, 'storeTimeout'>;
}

/** What came of it. */
export interface Outcome {
  readonly succeeded: number;
  /** Codes of AuthErrors, or what else went wrong. */
  readonly failures: string[];
  /** Troubles with the store, as `operation why`. */
  readonly troubles: string[];
  /** Milliseconds until the first request was answered or had failed. */
  readonly first: number;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly outcome: Outcome }
  | ({ readonly type: 'progress' } & Progress);

/** How far a worker is. */
export interface Progress {
  readonly succeeded: number;
  readonly failed: number;
  readonly troubles: number;
}

const companies = { companyId: 'sandbox', email: 'api@esignon.example' };
const ports = { codePort: 'MTP', idERP: 15 };
/**
 * A busy machine lets sixteen processes wait for their turn. One that was stopped must not find the answer that came meanwhile too late for its attempt, nor
 * the others go on without a store whose lock it holds. How long that takes is not what is tested.
 */
const patience = { attemptTimeout: 10_000, storeTimeout: 10_000 };
let stopping = new AbortController();

function createProvider(job: Job, store: TokenProviderOptions['store']): TokenProvider {
  const common = { baseUrl: job.baseUrl, password: job.password, store, ...patience, ...job.options };
  return job.vendor === 'esignon'
    ? createEsignonTokenProvider({ ...companies, ...common })
    : createDatacomsysTokenProvider({ ...ports, ...common });
}

async function request(job: Job, send: typeof fetch): Promise<string | undefined> {
  try {
    const response = await send(job.baseUrl + (job.vendor === 'esignon' ? '/api/v2/company' : '/account'));
    const body = await response.text();
    const good = job.vendor === 'esignon' ? '"result_code":"00"' : '"msg":"ok"';
    return response.status === 200 && body.includes(good) ? undefined : `${response.status} ${body}`;
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}

async function work(job: Job, store: TokenProviderOptions['store']): Promise<Outcome> {
  const outcome = { succeeded: 0, failures: [] as string[], troubles: [] as string[], first: 0 };
  const onTrouble = (message: unknown): void => {
    const { operation, why } = message as ChannelMessages['storeTrouble']; // the channel's one kind of message
    outcome.troubles.push(`${operation} ${why}`);
  };
  const { requestsPerProvider = Number.POSITIVE_INFINITY } = job;
  const goal = job.requests === 'until told' ? Number.POSITIVE_INFINITY : job.requests;
  const began = performance.now();
  const { signal } = stopping;
  let begun = 0;
  let send = createAuthFetch(createProvider(job, store));
  const oneByOne = async (): Promise<void> => {
    while (begun < goal && !signal.aborted) {
      begun += 1;
      if (begun % requestsPerProvider === 0) send = createAuthFetch(createProvider(job, store));
      const failure = await request(job, send);
      outcome.first ||= performance.now() - began;
      if (failure === undefined) outcome.succeeded += 1;
      else outcome.failures.push(failure);
      if (goal === Number.POSITIVE_INFINITY) reportProgress(outcome);
    }
  };
  subscribe(channels.storeTrouble, onTrouble);
  await Promise.all(Array.from({ length: job.parallel }, oneByOne));
  unsubscribe(channels.storeTrouble, onTrouble);
  return outcome;
}

function reportProgress({ succeeded, failures, troubles }: Outcome): void {
  say({ type: 'progress', succeeded, failed: failures.length, troubles: troubles.length });
}

function say(message: WorkerMessage): void {
  process.send?.(message);
}

process.on('message', (message: Job | { block: number } | 'stop') => {
  if (message === 'stop') stopping.abort();
  else if ('block' in message) block(message.block);
  else void run(message);
});

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function run(job: Job): Promise<void> {
  stopping = new AbortController();
  const opened = await openStore(job.store);
  const outcome = await work(job, opened.store);
  opened[Symbol.dispose]();
  say({ type: 'done', outcome });
}

// A test run that ends early must not leave a process behind.
process.on('disconnect', () => process.exit());

say({ type: 'ready' });
