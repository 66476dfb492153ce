import { createServer } from 'node:http';

import { listenOnLoopback } from '../../packages/auth-core/test/helpers/loopback-server.ts';
import { password } from './vendors.ts';

/** Another origin, to which vendors redirect. It answers 401, which is nobody's rejection. */
export interface Elsewhere extends AsyncDisposable {
  readonly origin: string;
  /** What came here that should not: heads and bodies with a secret in them. */
  readonly leaks: readonly string[];
}

export async function startElsewhere(): Promise<Elsewhere> {
  const leaks: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (request.headers.authorization !== undefined) leaks.push('a token arrived at another origin');
      if (body.includes(JSON.stringify(password))) leaks.push('a password arrived at another origin');
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"status":401}');
    });
  });
  const { origin, [Symbol.asyncDispose]: dispose } = await listenOnLoopback(server);
  return { origin, leaks, [Symbol.asyncDispose]: dispose };
}
