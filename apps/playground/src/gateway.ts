import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import type { GatewayMode } from './messages.ts';

/** The way to a vendor: it can be cut and slowed down while requests are on it. */
export interface Gateway extends AsyncDisposable {
  /** The vendor's base URL by way of this gateway. */
  readonly url: string;
  mode: GatewayMode;
}

/** What each answer is held up by, in milliseconds. Without any delay there would be nothing to see. */
export interface Delays {
  readonly up: number;
  readonly slow: number;
}

/** Starts a gateway on 127.0.0.1 to the server with this base URL. */
export async function startGateway(target: string, delays: Delays): Promise<Gateway> {
  const url = new URL(target);
  const { port, hostname } = url;
  const sockets = new Set<Socket>();
  let mode: GatewayMode = 'up';
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const relay = (client: Socket): void => {
    const vendor = connect(Number(port), hostname);
    keep(vendor);
    client.on('data', (chunk) => vendor.write(chunk)).on('close', () => vendor.destroy());
    let due = 0;
    vendor.on('data', (chunk) => {
      // Never before what came earlier, also where the vendor was slow until just now.
      due = Math.max(due, performance.now() + (mode === 'slow' ? delays.slow : delays.up));
      setTimeout(() => client.write(chunk), Math.max(0, due - performance.now()));
    });
    vendor.on('close', () => client.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    if (mode === 'down') client.resetAndDestroy();
    else relay(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An IP server that listens has an AddressInfo; the other shapes are those of pipes and of closed servers.
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    url: url.href.replace(/\/$/, ''),
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next === 'down') cut();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
