import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

/** A DataComSys that sends every call elsewhere, and what arrives there. */
export interface RedirectingVendor extends AsyncDisposable {
  readonly url: string;
  /** The `Authorization` of each request that the stranger got. */
  readonly arrived: readonly (string | undefined)[];
}

export async function startRedirectingVendor(): Promise<RedirectingVendor> {
  const arrived: (string | undefined)[] = [];
  const answer = (body: object) => JSON.stringify({ status: 200, msg: 'ok', data: body });
  const stranger = await listen(({ headers }, response) => {
    arrived.push(headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer({ portName: 'elsewhere' }));
  });
  const vendor = await listen((request, response) => {
    request.resume();
    if (isLogin(request)) response.writeHead(200, { 'content-type': 'application/json' }).end(answer({ token: 'a token' }));
    else response.writeHead(302, { location: `${stranger.url}/account` }).end();
  });
  return {
    url: vendor.url,
    arrived,
    async [Symbol.asyncDispose]() {
      await Promise.all([vendor.close(), stranger.close()]);
    },
  };
}

function isLogin({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === '/Auth/Login';
}

async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
}
