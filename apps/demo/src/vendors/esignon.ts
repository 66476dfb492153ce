import { createAuthFetch, createEsignonTokenProvider, esignonOptionsFromEnv, type TokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';

import { atRealVendor } from './at-real-vendor.ts';
import { atSandbox } from './at-sandbox.ts';
import { createDemoClock } from './demo-clock.ts';
import { type Environment, namesAny } from './environment.ts';
import { readText } from './read-text.ts';
import type { Vendor } from './vendor.ts';

const label = 'eSignon';
const call = 'GET /api/v2/company';

/** How long a token of the sandbox lasts: an hour, so that its end is near enough to be shown. */
const sandboxLifetime = 3_600_000;

/**
 * eSignon: the real one where the environment names credentials.
 *
 * @throws AuthError `CONFIG` where it names only some of them.
 */
export async function openEsignon(env: Environment): Promise<Vendor> {
  const isReal = namesAny(env, ['ESIGNON_COMPANY_ID', 'ESIGNON_EMAIL', 'ESIGNON_PASSWORD']);
  return isReal ? openReal(env) : openSandbox();
}

function openReal(env: Environment): Vendor {
  const options = esignonOptionsFromEnv(env);
  const url = options.baseUrl ?? 'https://docs.esignon.net';
  const create = (): TokenProvider => createEsignonTokenProvider(options);
  return atRealVendor({ label, call, url, create, askName: (provider) => askCompanyName(provider, url) });
}

async function openSandbox(): Promise<Vendor> {
  const clock = createDemoClock();
  const sandbox = await startEsignonSandbox({ now: () => clock.now(), expireDate: (now) => now + sandboxLifetime });
  const [account] = sandbox.accounts;
  const { companyId, email } = account;
  const create = (password?: () => string): TokenProvider =>
    createEsignonTokenProvider({ companyId, email, password: password ?? account.password, baseUrl: sandbox.url, clock });
  return atSandbox({ label, call, url: sandbox.url, create, askName: (provider) => askCompanyName(provider, sandbox.url) }, sandbox, clock);
}

/** A protected call through `fetch`. */
async function askCompanyName(provider: TokenProvider, baseUrl: string): Promise<string> {
  const authFetch = createAuthFetch(provider, { baseUrl: `${baseUrl.replace(/\/$/, '')}/` });
  const response = await authFetch('api/v2/company');
  const answer: unknown = await response.json();
  const name = readText(answer, 'body', 'name');
  const result = readText(answer, 'header', 'result_code');
  if (result === '00' && name !== undefined) return name;
  throw new Error(`${call} was answered with HTTP ${response.status}, result ${result ?? 'unknown'}`);
}
