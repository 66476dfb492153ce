import { setTimeout as pause } from 'node:timers/promises';

import { isAuthError, type TokenProvider } from '@x/auth-core';

import type { Call, Client } from './clients.ts';
import type { Subject } from './providers.ts';
import type { Chance } from './random.ts';

/** What became of all requests. */
export interface Outcomes {
  begun: number;
  /** How many were neither answered nor failed when the time was up. */
  lost: number;
  /** How they ended: how often each. */
  readonly ends: Map<string, number>;
  /** Answers that belong to another request. */
  readonly mixedUp: string[];
}

export function noOutcomes(): Outcomes {
  return { begun: 0, lost: 0, ends: new Map(), mixedUp: [] };
}

/** A caller's whole life: requests one after the other. */
export interface Caller {
  readonly subject: Subject;
  readonly client: Client;
  readonly chance: Chance;
  readonly name: string;
}

/** Who is told of what can be seen of a request. */
export interface Listener {
  look(value: unknown): void;
  /** What had to be carried out got a good answer. */
  answeredWell(id: string): void;
}

/** How long a request may take until it counts as lost, in milliseconds: more than every limit that it meets, one after the other. */
const patience = 30_000;

/** Makes requests until the time is up, and waits for the last one. */
export async function callUntil(deadline: number, caller: Caller, outcomes: Outcomes, listener: Listener): Promise<void> {
  const { subject, client, chance, name } = caller;
  while (performance.now() < deadline) {
    if (chance.percent(3)) await askAround(subject.provider, chance, listener);
    outcomes.begun += 1;
    const call = makeCall(subject.vendor, `${name}-${outcomes.begun}`, chance);
    const end = await within(patience, settle(client, call, outcomes, listener));
    if (end === undefined) outcomes.lost += 1;
    count(outcomes, end ?? 'lost');
    await pause(chance.between(0, 30));
  }
}

function makeCall(vendor: Subject['vendor'], id: string, chance: Chance): Call {
  const signal = chance.percent(40) ? { signal: AbortSignal.timeout(chance.between(1, 1_000)) } : {};
  const isPost = chance.percent(50);
  if (!isPost) return { id, method: 'GET', path: vendor === 'esignon' ? '/api/v2/company' : '/account', ...signal };
  return vendor === 'esignon'
    ? { id, method: 'POST', path: '/api/v3/workflows/start', body: workflow(id), ...signal }
    : { id, method: 'POST', path: '/plaisancier', body: JSON.stringify({ idPlaisanc: 0, matricule: id, nom: 'Dupont' }), ...signal };
}

function workflow(id: string): string {
  return JSON.stringify({ workflow_name: id, template_id: 1, recipient_list: [{ order: 1, email: 'a@example.com', name: 'A' }] });
}

/** How a request ended, in a word. */
async function settle(client: Client, call: Call, outcomes: Outcomes, listener: Listener): Promise<string> {
  try {
    const { status, text } = await client(call);
    const isGood = status === 200 && /"result_code":"00"|"workflow_id":|"msg":"(?:ok|Ajout OK)"/.test(text);
    if (!isGood) return `answered ${status}`;
    if (call.method === 'POST') listener.answeredWell(call.id);
    if (call.method === 'POST' && !text.includes(`"${call.id}"`)) outcomes.mixedUp.push(call.id);
    return 'good';
  } catch (error) {
    listener.look(error);
    return isAuthError(error) ? error.code : nameOf(error);
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code, cause }: Error & { code?: unknown } = error;
  return typeof code === 'string' ? code : cause instanceof Error ? nameOf(cause) : error.name;
}

/** What else an application does with a provider. */
async function askAround(provider: TokenProvider, chance: Chance, { look }: Listener): Promise<void> {
  try {
    const what = chance.pick(['status', 'status', 'status', 'peek', 'get', 'forget']);
    if (what === 'status') look(await provider.status());
    if (what === 'peek') look(provider.peekToken());
    if (what === 'get') look(await provider.getToken({ signal: AbortSignal.timeout(chance.between(1, 200)) }));
    if (what === 'forget') await provider.forget();
  } catch (error) {
    look(error);
  }
}

function count({ ends }: Outcomes, end: string): void {
  ends.set(end, (ends.get(end) ?? 0) + 1);
}

async function within<T>(limit: number, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, limit, undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
