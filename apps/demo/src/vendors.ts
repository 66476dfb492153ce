import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels, type Clock, type TokenProvider } from '@x/auth-core';
import type { LoggedRequest, Sandbox } from '@x/auth-core/testing';
import { authInterceptor, createDatacomsysTokenProvider, type DatacomsysOptions, datacomsysOptionsFromEnv } from '@x/datacomsys-auth';
import { type DatacomsysSandbox, startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createAuthFetch, createEsignonTokenProvider, type EsignonOptions, esignonOptionsFromEnv } from '@x/esignon-auth';
import { type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { getGlobalDispatcher, request } from 'undici';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A vendor as the steps use it. */
export interface Vendor extends AsyncDisposable {
  /** The name to show: `"eSignon"`. */
  readonly label: string;
  /** The base URL. */
  readonly url: string;
  /** The protected call of `askName`: `"GET /account"`. */
  readonly call: string;
  /** The provider that most steps use. */
  readonly provider: TokenProvider;
  /** Creates another provider for the same account, without a token. */
  createProvider(): TokenProvider;
  /** Makes a protected call that returns the name of the caller. */
  readonly askName: (provider: TokenProvider) => Promise<string>;
  /** The number of logins so far. */
  readonly logins: () => number;
  /** Undefined for a real vendor. */
  readonly sandbox: SandboxControls | undefined;
}

/** What the steps do to a sandbox, and not to a real vendor. */
export interface SandboxControls {
  readonly clock: DemoClock;
  readonly requests: readonly LoggedRequest[];
  /** Revokes every token. */
  readonly revoke: () => void;
  /** A provider whose password is wrong until it is corrected. */
  readonly mistyped: { readonly provider: TokenProvider; readonly correct: () => void };
}

interface DemoClock extends Clock {
  putForward(milliseconds: number): void;
}

/** What a {@link Vendor} is made of. */
interface VendorParts extends Pick<Vendor, 'label' | 'call' | 'askName'> {
  readonly create: (changes?: { password: () => string }) => TokenProvider;
  readonly sandbox: Sandbox<{ password: string }> | undefined;
  readonly clock: DemoClock;
}

/**
 * The real eSignon if the environment has credentials for it, otherwise a sandbox whose tokens last an hour, so that their end can be shown.
 *
 * @throws AuthError `CONFIG` if only some of the credentials are set.
 */
export async function openEsignon(env: Environment): Promise<Vendor> {
  const clock = createDemoClock();
  const isReal = isAnySet(env, ['ESIGNON_COMPANY_ID', 'ESIGNON_EMAIL', 'ESIGNON_PASSWORD']);
  const sandbox = isReal ? undefined : await startEsignonSandbox({ now: () => clock.now(), expireDate: (now) => now + 3_600_000 });
  const options = sandbox === undefined ? esignonOptionsFromEnv(env) : esignonOptions(sandbox, clock);
  const create: VendorParts['create'] = (changes) => createEsignonTokenProvider({ ...options, ...changes });
  return openVendor({ label: 'eSignon', call: 'GET /api/v2/company', create, sandbox, clock, askName: askCompanyName });
}

/**
 * The real DataComSys if the environment has credentials for it, otherwise a sandbox.
 *
 * @throws AuthError `CONFIG` if only some of the credentials are set.
 */
export async function openDatacomsys(env: Environment): Promise<Vendor> {
  const clock = createDemoClock();
  const isReal = isAnySet(env, ['DATACOMSYS_CODE_PORT', 'DATACOMSYS_ID_ERP', 'DATACOMSYS_PASSWORD']);
  const sandbox = isReal ? undefined : await startDatacomsysSandbox({ now: () => clock.now() });
  const options = sandbox === undefined ? datacomsysOptionsFromEnv(env) : datacomsysOptions(sandbox, clock);
  const create: VendorParts['create'] = (changes) => createDatacomsysTokenProvider({ ...options, ...changes });
  return openVendor({ label: 'DataComSys', call: 'GET /account', create, sandbox, clock, askName: askPortName });
}

function esignonOptions({ url, accounts: [{ companyId, email, password }] }: EsignonSandbox, clock: Clock): EsignonOptions {
  return { companyId, email, password, baseUrl: url, clock };
}

function datacomsysOptions({ url, accounts: [{ codePort, idERP, password }] }: DatacomsysSandbox, clock: Clock): DatacomsysOptions {
  return { codePort, idERP, password, baseUrl: url, clock };
}

function openVendor({ create, sandbox, clock, ...shown }: VendorParts): Vendor {
  const provider = create();
  const { logins, stop } =
    sandbox === undefined ? countLogins(provider.name) : { logins: () => sandbox.logins, stop: () => sandbox.close() };
  return {
    ...shown,
    url: provider.baseUrl,
    provider,
    createProvider: () => create(),
    logins,
    sandbox: sandbox && {
      clock,
      requests: sandbox.requests,
      revoke: () => sandbox.revoke(),
      mistyped: mistype(create, sandbox.accounts[0].password),
    },
    [Symbol.asyncDispose]: async () => stop(),
  };
}

/** The logins of a real vendor are counted by the provider's events. */
function countLogins(provider: string): { logins: () => number; stop: () => void } {
  let logins = 0;
  const count = ({ attempts }: { attempts: number }): void => {
    logins += attempts;
  };
  const stops = [onMessage('loginEnd', provider, count), onMessage('loginFailure', provider, count)];
  return { logins: () => logins, stop: () => stops.forEach((stop) => stop()) };
}

function mistype(create: VendorParts['create'], rightPassword: string): SandboxControls['mistyped'] {
  let password = 'not-the-password';
  const correct = (): void => {
    password = rightPassword;
  };
  return { provider: create({ password: () => password }), correct };
}

/** Calls back for each event of a provider on one diagnostics channel, until the returned function is called. */
export function onMessage<Name extends keyof ChannelMessages>(
  name: Name,
  provider: string,
  callback: (message: ChannelMessages[Name]) => void,
): () => void {
  const listen = (payload: unknown): void => {
    const message = payload as ChannelMessages[Name]; // the documented payload of the channel
    if (message.provider === provider) callback(message);
  };
  subscribe(channels[name], listen);
  return () => void unsubscribe(channels[name], listen);
}

/** A protected call with `fetch`. */
async function askCompanyName(provider: TokenProvider): Promise<string> {
  const response = await createAuthFetch(provider)('/api/v2/company');
  const answer: unknown = await response.json();
  const name = textAt(answer, 'body', 'name');
  const result = textAt(answer, 'header', 'result_code');
  if (result === '00' && name !== undefined) return name;
  throw new Error(`GET /api/v2/company returned HTTP ${response.status}, result ${result ?? 'unknown'}`);
}

/** A protected call with undici. */
async function askPortName(provider: TokenProvider): Promise<string> {
  const dispatcher = getGlobalDispatcher().compose(authInterceptor(provider));
  const { statusCode, body } = await request(`${provider.baseUrl}/account`, { dispatcher });
  const answer: unknown = await body.json();
  const name = textAt(answer, 'data', 'portName');
  const status = textAt(answer, 'status');
  if (statusCode === 200 && status === '200' && name !== undefined) return name;
  throw new Error(`GET /account returned HTTP ${statusCode}, status ${status ?? 'unknown'}`);
}

/** The time of this machine, and what it was put forward by. */
function createDemoClock(): DemoClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    putForward: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

function isAnySet(env: Environment, names: readonly string[]): boolean {
  return names.some((name) => (env[name] ?? '') !== '');
}

/** The string or number at a path in parsed JSON, as text. */
function textAt(json: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
