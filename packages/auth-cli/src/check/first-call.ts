import type { AccessToken, TokenProvider } from '@x/auth-core';
import type { ShellSupport } from '@x/auth-core/provider';
import { type Dispatcher, request } from 'undici';

import { adviceFor, type Details } from './advice.ts';
import { adviceForCall, causeOfCode } from './find-cause.ts';
import { type SeenAnswer, seenAnswer } from './observe.ts';
import { done, failed, type Step } from './step.ts';

/** What the first protected call is made with. */
export interface CallMaker {
  readonly vendor: ShellSupport;
  readonly provider: TokenProvider;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly details: Details;
}

interface Answer {
  readonly seen: SeenAnswer;
  readonly text: string;
  readonly isRejection: boolean;
  readonly isSuccess: boolean;
}

/** More than any answer that says what is wrong. */
const maxText = 65_536;

/** The first protected call. Where the token is rejected, the other spelling of its header is tried once. */
export async function callFirst(maker: CallMaker, token: AccessToken): Promise<Step> {
  const { vendor, provider, details } = maker;
  const title = `GET ${vendor.firstCall.path}`;
  const headers = provider.requestHeaders(token);
  try {
    const answer = await send(maker, headers);
    const shown = `${title} → HTTP ${answer.seen.status}`;
    if (answer.isSuccess) return done('call', shown);
    const told = answer.seen.kind;
    const spelling = answer.isRejection ? await tryOtherHeader(maker, headers) : undefined;
    if (spelling !== undefined) return failed('call', shown, adviceFor('token-header'), { ...details, ...spelling }, told);
    return failed('call', shown, adviceForCall({ vendor, ...answer }), details, told);
  } catch (error) {
    return failed('call', title, adviceFor(causeOfCode(error)), details);
  }
}

/** The names of both headers, if the other one is accepted. */
async function tryOtherHeader(maker: CallMaker, headers: Readonly<Record<string, string>>): Promise<Details | undefined> {
  const { otherHeader } = maker.vendor.firstCall;
  const [own] = Object.entries(headers);
  if (otherHeader === undefined || own === undefined) return undefined;
  const [name, value] = own;
  const { isSuccess } = await send(maker, { [otherHeader]: value });
  return isSuccess ? { header: name, other: otherHeader } : undefined;
}

async function send({ vendor, provider, dispatcher, signal }: CallMaker, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { firstCall } = vendor;
  const response = await request(provider.baseUrl + firstCall.path, {
    dispatcher,
    headers: { accept: 'application/json', ...headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  const { statusCode: status, headers: received, body } = response;
  const text = await readText(body);
  const header = (name: string): string | undefined => received[name]?.toString();
  const isRejection = provider.isRejection({ status, header, body: text, complete: true }) === true;
  const seen = seenAnswer(status, received['content-type'], received['date']);
  const isSuccess = firstCall.isSuccess?.(status, text) ?? (status >= 200 && status < 300);
  return { seen, text, isRejection, isSuccess: !isRejection && isSuccess };
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    // A body of undici yields buffers unless it is told otherwise.
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxText) break;
  }
  return Buffer.concat(chunks).toString();
}
