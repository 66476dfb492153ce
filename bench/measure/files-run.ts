/** In how many of the core's source files a function is called, by the engine's precise coverage. Wants `--conditions=@x/source`. */
import { Session } from 'node:inspector/promises';

import { authInterceptor } from '@x/auth-core';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, request } from 'undici';

import { answer } from '../harness/own-process.ts';

export interface FilesAnswer {
  readonly cold: number;
  readonly warm: number;
  readonly repeated: number;
}

/** What runs when it is called; what ran when the modules were loaded does not count. */
async function filesRun(run: () => Promise<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return result.filter(
    ({ url, functions }) =>
      url.includes('/packages/auth-core/') && !url.includes('/testing/') && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0),
  ).length;
}

await using sandbox = await startEsignonSandbox();
const [{ companyId, email, password }] = sandbox.accounts;
const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url });
const dispatcher = new Agent().compose(authInterceptor(provider));

async function call(): Promise<void> {
  const { body, statusCode } = await request(`${provider.baseUrl}/api/v2/company`, { dispatcher });
  await body.dump();
  if (statusCode !== 200) throw new Error(`the call was answered with HTTP ${statusCode}`);
}

const cold = await filesRun(() => provider.getToken());
await call();
const warm = await filesRun(call);
sandbox.revoke();
const repeated = await filesRun(call);
await answer({ cold, warm, repeated } satisfies FilesAnswer);
await dispatcher.close();
