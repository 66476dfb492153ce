import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port that is in use until it is made free. */
export async function occupyPort(): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  // An IP server that listens has an AddressInfo.
  return { port: (server.address() as AddressInfo).port, free };
}

/** A port that is free. */
export async function freePort(): Promise<number> {
  const { port, free } = await occupyPort();
  await free();
  return port;
}
