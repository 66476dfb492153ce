import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';

import { startRedisServer } from '../../packages/auth-store-redis/test/redis-server.ts';
import { type InterceptingProxy, startInterceptingProxy } from './intercepting-proxy.ts';
import { environmentOf, startSandboxes } from './vendor-sandboxes.ts';

/** What the examples find around them: every vendor, a Redis, a company's proxy, and an environment that names them. */
export interface Surroundings extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** What must not show in anything that an example prints. */
  readonly secrets: readonly string[];
  readonly proxy: InterceptingProxy;
  /** How many logins both vendors saw. */
  logins(): number;
  /** Lets each vendor reject the token of the next call that is no login. */
  rejectNextCall(): void;
}

/** A host that nothing outside of this machine answers for (RFC 2606): only the proxy knows it. */
const hiddenHost = 'esignon.example';

/** Starts everything on 127.0.0.1. Without `redis`, no example may need one. */
export async function startSurroundings({ redis }: { redis: boolean }): Promise<Surroundings> {
  await using stack = new AsyncDisposableStack();
  const home = stack.adopt(mkdtempSync(join(tmpdir(), 'examples-')), (path) => rmSync(path, { recursive: true, force: true }));
  const esignon = stack.use(await startEsignonSandbox());
  const datacomsys = stack.use(await startDatacomsysSandbox());
  const proxy = stack.use(await startInterceptingProxy(hiddenHost, esignon.url));
  const database = redis ? { REDIS_URL: stack.use(await startRedisServer()).url } : {};
  const others = await startSandboxes(['esignon', 'datacomsys']);
  for (const { sandbox } of others) stack.use(sandbox);
  const vendors = [{ vendor: 'esignon', sandbox: esignon }, { vendor: 'datacomsys', sandbox: datacomsys }, ...others];
  const all = stack.move();
  return {
    env: {
      HOME: home,
      // All examples load the same sources.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(home, 'compiled'),
      ...Object.assign({}, ...vendors.map(environmentOf)),
      TOKEN_KEY: Buffer.alloc(32, 7).toString('base64'),
      PROXY_URL: proxy.url,
      PROXY_CA_FILE: proxy.authorityFile,
      ...database,
    },
    secrets: [esignon.accounts[0].password, datacomsys.accounts[0].password],
    proxy,
    logins: () => esignon.logins + datacomsys.logins,
    rejectNextCall() {
      esignon.fail({ result: '94' }, { on: 'call' });
      datacomsys.fail({ status: 401 }, { on: 'call' });
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
