import { isAuthError, type TokenProvider, type TokenProviderOptions } from '@x/auth-core';
import type { Dispatcher } from 'undici';

import type { CommandContext } from '../command.ts';
import { openDispatcher, type Proxy, proxyFor } from '../dispatcher.ts';
import { clockOf, storeOption } from '../open-provider.ts';
import { openStore } from '../store.ts';
import type { Environment } from '../surroundings.ts';
import { adviceFor, type Details } from './advice.ts';
import { observeHeads, type SeenAnswer } from './observe.ts';
import { storeForOwnLogin } from './own-login.ts';
import { failed, type Step } from './step.ts';

/** The names in sentences about an account. */
type AccountDetails = Details & Readonly<Record<'password', string>>;
/** The names in sentences about the way to the vendor, too. */
export type RouteDetails = AccountDetails & Readonly<Record<'host', string>>;

/** An account whose options are right. */
export interface Opened {
  readonly env: Environment;
  /** Shares the machine's token and what is known of pauses. */
  readonly shared: TokenProvider;
  readonly proxy: Proxy | undefined;
  readonly dispatcher: Dispatcher;
  /** The answers to what went through the dispatcher. */
  readonly seen: SeenAnswer[];
  readonly details: RouteDetails;
  /** Makes the provider of the one login. */
  readonly openOwn: (isForced: boolean) => TokenProvider;
}

/** The account; or the step of the options, which failed. */
export async function openAccount(context: CommandContext): Promise<Opened | Step> {
  const { vendor } = context;
  const env = await context.accountEnv();
  const details = detailsOf(context);
  try {
    const seen: SeenAnswer[] = [];
    const dispatcher = observeHeads(openDispatcher({ ...context, env }), (answer) => seen.push(answer));
    const store = await openStore(context);
    const open = (options: TokenProviderOptions): TokenProvider =>
      vendor.createProvider(env, { clock: clockOf(context), dispatcher, ...options });
    const shared = open(storeOption(store));
    const openOwn = (isForced: boolean): TokenProvider =>
      open({ retries: 0, ...storeOption(store === undefined ? undefined : storeForOwnLogin(store, isForced)) });
    const url = new URL(shared.baseUrl);
    const proxy = proxyFor(url, env);
    const route = { host: url.host, hostname: url.hostname, ...(proxy === undefined ? {} : { proxy: proxy.shown }) };
    return { env, shared, proxy, dispatcher, seen, details: { ...details, ...route }, openOwn };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    const hasBreak = /[\r\n]$/.test(env[details.password] ?? '');
    return hasBreak
      ? failed('options', '', adviceFor('password-line-break'), { ...details, variable: details.password })
      : failed('options', error.message, adviceFor('options'), details);
  }
}

export function requiredNames({ vendor }: CommandContext): string[] {
  return vendor.variables.filter(({ isOptional }) => isOptional !== true).map(({ name }) => name);
}

/** `variable` is that of the base URL, which most advice is about. */
function detailsOf(context: CommandContext): AccountDetails {
  const { variables, name: vendor } = context.vendor;
  const find = (isWanted: (one: (typeof variables)[number]) => boolean): string => variables.find(isWanted)?.name ?? '';
  return {
    vendor,
    variable: find(({ name }) => name.endsWith('_BASE_URL')),
    password: find(({ isSecret }) => isSecret === true),
    variables: requiredNames(context)
      .filter((name) => !name.endsWith('_BASE_URL'))
      .join(', '),
  };
}
