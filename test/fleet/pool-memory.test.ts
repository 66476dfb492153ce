import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { expect, it, onTestFinished } from 'vitest';

import { ports } from './pool-ports.ts';
import type { PoolMeasurement } from './measure-pool.ts';

it('ten thousand providers in one pool take a few kilobytes each', { timeout: 60_000 }, async () => {
  const accounts = Array.from({ length: ports.before + ports.measured }, (_, idERP) => ({ ...ports.codeAndPassword, idERP }));
  await using sandbox = await startDatacomsysSandbox({ accounts });
  const script = fileURLToPath(new URL('measure-pool.ts', import.meta.url));
  const child = fork(script, [sandbox.url], { execPath: process.execPath, execArgv: ['--conditions=@x/source', '--expose-gc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [measured] = (await once(child, 'message')) as [PoolMeasurement]; // it sends nothing else
  const { providers, idle, withToken } = measured;
  console.log(`${providers} idle providers in one pool: ${idle.toFixed(0)} bytes each; with a token: ${withToken.toFixed(0)} bytes each`);
  expect(providers).toBe(10_000);
  expect(idle).toBeGreaterThan(0);
  expect(idle).toBeLessThan(4_096);
  expect(withToken).toBeLessThan(8_192);
});
