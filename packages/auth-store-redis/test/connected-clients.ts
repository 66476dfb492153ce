import { createClient } from 'redis';

export type ConnectedClient = ReturnType<typeof newClient>;

/** Clients of one test, and the end of them all. */
export interface ConnectedClients {
  connect(url: string): Promise<ConnectedClient>;
  destroy(): void;
}

export function connectedClients(): ConnectedClients {
  const clients: ConnectedClient[] = [];
  return {
    async connect(url) {
      const client = newClient(url);
      clients.push(client);
      // Without a listener, a lost connection would end the process.
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    destroy() {
      for (const client of clients.splice(0)) client.destroy();
    },
  };
}

function newClient(url: string) {
  return createClient({ url, socket: { reconnectStrategy: 20 } });
}
