import { createServer, type IncomingMessage } from 'node:http';

import { listenOnLoopback } from '../../packages/auth-core/test/helpers/loopback-server.ts';

/** A DataComSys that sends every call elsewhere, and what arrives there. */
export interface RedirectingVendor extends AsyncDisposable {
  readonly url: string;
  /** The `Authorization` of each request that the stranger got. */
  readonly arrived: readonly (string | undefined)[];
}

export async function startRedirectingVendor(): Promise<RedirectingVendor> {
  await using stack = new AsyncDisposableStack();
  const arrived: (string | undefined)[] = [];
  const answer = (body: object) => JSON.stringify({ status: 200, msg: 'ok', data: body });
  const strangerServer = createServer(({ headers }, response) => {
    arrived.push(headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer({ portName: 'elsewhere' }));
  });
  const stranger = stack.use(await listenOnLoopback(strangerServer));
  const vendorServer = createServer((request, response) => {
    request.resume();
    if (isLogin(request)) response.writeHead(200, { 'content-type': 'application/json' }).end(answer({ token: 'a token' }));
    else response.writeHead(302, { location: `${stranger.origin}/account` }).end();
  });
  const vendor = stack.use(await listenOnLoopback(vendorServer));
  const all = stack.move();
  return { url: vendor.origin, arrived, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function isLogin({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === '/Auth/Login';
}
