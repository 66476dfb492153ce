/**
 * How many of the core's source files one call runs through: those in which a function is called, by the engine's precise coverage.
 *
 * node --conditions=@x/source bench/files-run.ts
 */
import { Session } from 'node:inspector/promises';

import { authInterceptor } from '@x/auth-core';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, request } from 'undici';

/** What runs when it is called; what ran when the modules were loaded does not count. */
async function filesRun(run: () => Promise<unknown>): Promise<string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return result
    .filter(({ url }) => url.includes('/packages/auth-core/src/') && !url.includes('/testing/'))
    .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
    .map(({ url }) => url.slice(url.indexOf('/src/') + 5))
    .toSorted();
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

const print = (what: string, files: readonly string[]): void => console.log(`${what}: ${files.length} files\n  ${files.join('\n  ')}\n`);
print('a cold getToken()', await filesRun(() => provider.getToken()));
await call();
print('a request with a warm token', await filesRun(call));
sandbox.revoke();
print('a request whose token is rejected, and that is repeated', await filesRun(call));
await dispatcher.close();
