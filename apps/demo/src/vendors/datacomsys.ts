import { authInterceptor, createDatacomsysTokenProvider, datacomsysOptionsFromEnv, type TokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { getGlobalDispatcher, request } from 'undici';

import { atRealVendor } from './at-real-vendor.ts';
import { atSandbox } from './at-sandbox.ts';
import { createDemoClock } from './demo-clock.ts';
import { type Environment, namesAny } from './environment.ts';
import { readText } from './read-text.ts';
import type { Vendor } from './vendor.ts';

const label = 'DataComSys';
const call = 'GET /account';

/**
 * DataComSys: the real one where the environment names credentials.
 *
 * @throws AuthError `CONFIG` where it names only some of them.
 */
export async function openDatacomsys(env: Environment): Promise<Vendor> {
  const isReal = namesAny(env, ['DATACOMSYS_CODE_PORT', 'DATACOMSYS_ID_ERP', 'DATACOMSYS_PASSWORD']);
  return isReal ? openReal(env) : openSandbox();
}

function openReal(env: Environment): Vendor {
  const options = datacomsysOptionsFromEnv(env);
  const url = options.baseUrl;
  const create = (): TokenProvider => createDatacomsysTokenProvider(options);
  return atRealVendor({ label, call, url, create, askName: (provider) => askPortName(provider, url) });
}

async function openSandbox(): Promise<Vendor> {
  const clock = createDemoClock();
  const sandbox = await startDatacomsysSandbox({ now: () => clock.now() });
  const [account] = sandbox.accounts;
  const { codePort, idERP } = account;
  const create = (password?: () => string): TokenProvider =>
    createDatacomsysTokenProvider({ codePort, idERP, password: password ?? account.password, baseUrl: sandbox.url, clock });
  return atSandbox({ label, call, url: sandbox.url, create, askName: (provider) => askPortName(provider, sandbox.url) }, sandbox, clock);
}

/** A protected call through undici. */
async function askPortName(provider: TokenProvider, baseUrl: string): Promise<string> {
  const dispatcher = getGlobalDispatcher().compose(authInterceptor(provider));
  const { statusCode, body } = await request(`${baseUrl.replace(/\/$/, '')}/account`, { dispatcher });
  const answer: unknown = await body.json();
  const name = readText(answer, 'data', 'portName');
  const status = readText(answer, 'status');
  if (statusCode === 200 && status === '200' && name !== undefined) return name;
  throw new Error(`${call} was answered with HTTP ${statusCode}, status ${status ?? 'unknown'}`);
}
