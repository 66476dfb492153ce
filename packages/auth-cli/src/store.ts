import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels } from '@x/auth-core';
import type { sqliteStore } from '@x/auth-store-sqlite';

import type { CommandContext } from './command.ts';
import { type LeasingStore, longLeases } from './long-leases.ts';
import { codeOf, messageOf } from './thrown.ts';

/** The machine's store, closed when the command ends; undefined, and said on stderr, where there is none to be had. */
export async function openStore(context: Pick<CommandContext, 'flags' | 'stderr' | 'defer'>): Promise<LeasingStore | undefined> {
  const { store: path } = context.flags;
  const open = await loadSqliteStore();
  if (typeof open === 'string') {
    context.stderr.write(`vendor-auth: ${open}: nothing is kept, and each call logs in anew`);
    return undefined;
  }
  const store = open(typeof path === 'string' ? { path } : {});
  context.defer(() => store[Symbol.dispose]());
  tellTrouble(context);
  return longLeases(store);
}

/** A provider goes on without a store that fails; a person has to know that each call then logs in. */
function tellTrouble({ stderr, defer }: Pick<CommandContext, 'stderr' | 'defer'>): void {
  let isTold = false;
  const tell = (message: unknown): void => {
    // What the core publishes on this channel.
    const { operation, why } = message as ChannelMessages['storeTrouble'];
    if (isTold || why === 'lease lost') return;
    isTold = true;
    stderr.write(
      `vendor-auth: the store of tokens is not of use (${operation} ${why}): each call may log in anew; --store names another file`,
    );
  };
  subscribe(channels.storeTrouble, tell);
  defer(() => void unsubscribe(channels.storeTrouble, tell));
}

const noSqlite = 'this Node has no SQLite (22.13 and later have it)';
const notInstalled = '@x/auth-store-sqlite is not installed (npm install @x/auth-store-sqlite)';

/** The store's package is an optional dependency. Returns why there is none. */
function loadSqliteStore(): Promise<typeof sqliteStore | string> {
  return withoutExperimentalWarning(async () => {
    if (process.getBuiltinModule('node:sqlite') === undefined) return noSqlite;
    try {
      return (await import('@x/auth-store-sqlite')).sqliteStore;
    } catch (error) {
      return whyNoStore(error);
    }
  });
}

/**
 * Why there is no store, by the error of its import.
 *
 * @throws That error, if the package is there. A file that is missing inside of it is a defect, and has the same code.
 */
export function whyNoStore(error: unknown): string {
  if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && messageOf(error).includes("'@x/auth-store-sqlite'")) return notInstalled;
  throw error;
}

/** Node 22 warns of its SQLite on stderr, where a script would take it for a failure. */
async function withoutExperimentalWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
