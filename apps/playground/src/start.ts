import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createAdaptorServer } from '@hono/node-server';

import { createApp } from './app.ts';
import type { Delays } from './gateway.ts';
import { openPlayground } from './playground.ts';

export interface StartOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly delays?: Delays;
  /** Whether there is steady traffic from the start. */
  readonly traffic?: boolean;
}

/** The page at work. */
export interface RunningPlayground extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts both vendors and serves the page on 127.0.0.1.
 *
 * @throws the error of `listen` if the port is not available.
 */
export async function startPlayground({
  port,
  delays = { up: 25, slow: 1_200 },
  traffic = true,
}: StartOptions): Promise<RunningPlayground> {
  const playground = await openPlayground({ delays, traffic });
  // Without options for TLS or HTTP/2 it is a server of node:http.
  const server = createAdaptorServer(createApp(playground)) as Server;
  const close = async (): Promise<void> => {
    await playground[Symbol.asyncDispose]();
    server.close();
    server.closeAllConnections();
  };
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  // An IP server that listens has an AddressInfo.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, [Symbol.asyncDispose]: close };
}
