/** Requests over connections on loopback, 50 at once: CPU of the client, and requests in a second. The vendor is another process. */
import { authInterceptor } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { Agent, type Dispatcher, request } from 'undici';

import { loadOf } from '../harness/cpu.ts';
import { answer, readInput } from '../harness/own-process.ts';
import { interleave, type Measure } from '../harness/rounds.ts';
import { startVendor } from '../harness/vendor.ts';
import { loadPeer } from '../peers/load.ts';
import { handWritten, undiciOidc } from '../peers/names.ts';
import { vendorAt } from '../peers/peer.ts';

export interface SocketsInput {
  readonly rounds: number;
  readonly calls: number;
}

export interface SocketsAnswer {
  readonly cpu: Record<string, number[]>;
  readonly rate: Record<string, number[]>;
}

type Call = () => Promise<unknown>;

const atOnce = 50;
const { rounds, calls } = readInput<SocketsInput>();
await using vendor = await startVendor();
const { url } = vendor;
const agent = new Agent({ connections: atOnce });

async function read(target: string, dispatcher: Dispatcher, headers: Record<string, string>): Promise<void> {
  const { body, statusCode } = await request(target, { dispatcher, headers });
  await body.json();
  if (statusCode !== 200) throw new Error(`a call was answered with HTTP ${statusCode}`);
}

const account = { password: 'password', baseUrl: url };
const esignon = createEsignonTokenProvider({ ...account, companyId: 'company', email: 'user@example.com' });
const datacomsys = createDatacomsysTokenProvider({ ...account, codePort: 'ABC', idERP: 1 });
const overEsignon = agent.compose(authInterceptor(esignon));
const overDatacomsys = agent.compose(authInterceptor(datacomsys));
const headers = esignon.requestHeaders(await esignon.getToken());
const { getToken } = (await loadPeer(handWritten)).open(vendorAt(url));
const oidc = (await loadPeer(undiciOidc)).open(vendorAt(url));

const contenders: Record<string, Call> = {
  limit: () => read(`${url}/api/v2/company`, agent, headers),
  eSignon: () => read(`${url}/api/v2/company`, overEsignon, {}),
  DataComSys: () => read(`${url}/account`, overDatacomsys, {}),
  [handWritten]: async () => {
    await getToken?.();
    await read(`${url}/api/v2/company`, agent, headers);
  },
  [undiciOidc]: () => oidc.call(`${url}/api/v2/company`),
};

const rate: Record<string, number[]> = {};
const measures: Record<string, Measure> = {};
for (const [name, call] of Object.entries(contenders)) {
  measures[name] = async () => {
    const load = await loadOf(call, calls, atOnce);
    (rate[name] ??= []).push(load.rate);
    return load.cpu;
  };
}
const warmUp = 3;
const cpu = await interleave(measures, { rounds, warmUp });
await answer({
  cpu,
  rate: Object.fromEntries(Object.entries(rate).map(([name, values]) => [name, values.slice(warmUp)])),
} satisfies SocketsAnswer);
await agent.close();
process.exit();
