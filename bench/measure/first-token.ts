/** From nothing to a token, over one connection that is open already, against the bare exchange. The vendor is another process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sqliteStore } from '@x/auth-store-sqlite';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { Agent, request } from 'undici';

import { loadOf } from '../harness/cpu.ts';
import { answer, readInput } from '../harness/own-process.ts';
import { interleave, type Measure } from '../harness/rounds.ts';
import { startVendor } from '../harness/vendor.ts';
import { loadPeers } from '../peers/load.ts';
import { libraries } from '../peers/names.ts';
import { vendorAt } from '../peers/peer.ts';

export interface FirstTokenInput {
  readonly rounds: number;
  readonly logins: number;
}

export interface FirstTokenAnswer {
  readonly cpu: Record<string, number[]>;
  /** Milliseconds from the call to the token. */
  readonly time: Record<string, number[]>;
}

const { rounds, logins } = readInput<FirstTokenInput>();
await using vendor = await startVendor();
const { url } = vendor;
const agent = new Agent({ connections: 1 });
const account = { companyId: 'company', email: 'user@example.com', password: 'password', baseUrl: url, dispatcher: agent };
const login = JSON.stringify({ header: { request_code: '1001Q' }, body: { memb_email: account.email, memb_pwd: account.password } });
const directory = mkdtempSync(join(tmpdir(), 'bench-'));
let files = 0;

const contenders: Record<string, () => Promise<unknown>> = {
  limit: async () => {
    const { body } = await request(`${url}/api/company/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: login,
      dispatcher: agent,
    });
    return body.json();
  },
  ours: () => createEsignonTokenProvider(account).getToken(),
};
for (const peer of await loadPeers(libraries)) {
  const { getToken } = peer.open(vendorAt(url));
  if (getToken !== undefined) contenders[peer.name] = () => peer.open(vendorAt(url)).getToken?.() ?? Promise.reject(new Error('no token'));
}

const time: Record<string, number[]> = {};
const measures: Record<string, Measure> = {};
const measure = (name: string, call: () => Promise<unknown>, times: number): Measure => {
  return async () => {
    const load = await loadOf(call, times, 1);
    (time[name] ??= []).push(1_000 / load.rate);
    return load.cpu;
  };
};
for (const [name, call] of Object.entries(contenders)) measures[name] = measure(name, call, logins);
measures['ours, SQLite'] = measure(
  'ours, SQLite',
  async () => {
    files += 1;
    using store = sqliteStore({ path: join(directory, `${files}.db`) });
    await createEsignonTokenProvider({ ...account, store }).getToken();
  },
  1,
);
const cpu = await interleave(measures, { rounds, warmUp: 3 });
await answer({
  cpu,
  time: Object.fromEntries(Object.entries(time).map(([name, values]) => [name, values.slice(3)])),
} satisfies FirstTokenAnswer);
rmSync(directory, { recursive: true });
process.exit();
