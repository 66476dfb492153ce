import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';

import { channels } from '@x/auth-core';
import { assertNoSecrets } from '@x/auth-core/testing';

import { spellings } from '../../packages/auth-core/test/helpers/spellings.ts';
import { password } from './vendors.ts';

function spelled(secret: string): string[] {
  return Object.values(spellings).map((spell) => spell(secret));
}

const spelledPassword: readonly string[] = spelled(password);

/** Whether a value shows the password or a token in any spelling: in its message, stack, cause or fields, however it is printed. */
export function showsSecret(value: unknown, tokens: Iterable<string>): boolean {
  const secrets = [...tokens];
  try {
    assertNoSecrets(value, [password, ...secrets]);
  } catch {
    return true;
  }
  const text = textOf(value);
  return [...spelledPassword, ...secrets.flatMap(spelled)].some((needle) => text.includes(needle));
}

function textOf(value: unknown): string {
  const texts = [inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null })];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? '', ...Object.values(error).map(String));
  }
  return texts.join('\n');
}

/** What a process says by itself: events, output, warnings and what nobody handles. */
export interface Watch extends Disposable {
  readonly unhandled: readonly string[];
  readonly secrets: readonly string[];
}

/** Every token that a sandbox hands out looks like this, and no fingerprint does. */
const tokenPattern = /[0-9a-f]{40}/i;

/** `running` tells what may have been the reason. */
export function watchProcess(running: () => string): Watch {
  const unhandled: string[] = [];
  const secrets: string[] = [];
  const look = (where: string, text: string): void => {
    if (tokenPattern.test(text) || spelledPassword.some((needle) => text.includes(needle))) secrets.push(`${where}, beside ${running()}`);
  };
  const onEvent = (message: unknown, name: string | symbol): void =>
    look(`an event of ${String(name)}`, inspect(message, { depth: Infinity }));
  const onUnhandled = (error: unknown): void => void unhandled.push(`${inspect(error)}, beside ${running()}`);
  const onWarning = (warning: Error): void => {
    if (warning.name !== 'ExperimentalWarning') onUnhandled(warning);
  };
  for (const name of Object.values(channels)) subscribe(name, onEvent);
  process.on('unhandledRejection', onUnhandled).on('uncaughtException', onUnhandled).on('warning', onWarning);
  const stopOutput = [process.stdout, process.stderr].map((stream) => tap(stream, (text) => look('output', text)));
  return {
    unhandled,
    secrets,
    [Symbol.dispose]() {
      for (const stop of stopOutput) stop();
      for (const name of Object.values(channels)) unsubscribe(name, onEvent);
      process.off('unhandledRejection', onUnhandled).off('uncaughtException', onUnhandled).off('warning', onWarning);
    },
  };
}

function tap(stream: NodeJS.WriteStream, look: (text: string) => void): () => void {
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    look(String(chunk));
    return Reflect.apply(write, stream, [chunk, ...rest]) as boolean; // what write itself returns
  };
  return () => {
    stream.write = write;
  };
}
