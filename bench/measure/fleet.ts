/**
 * Many providers that start cold at the same moment on one account over one Redis, each with a store of its own, as on so many machines. They share a few
 * connections: the commands are the same, and a machine's file handles last. The key of the password is derived once: on so many machines each has a processor for it.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

import { createClient } from 'redis';

import { answer, readInput } from '../harness/own-process.ts';

export interface FleetInput {
  readonly providers: number;
  readonly redisUrl: string;
  readonly vendorUrl: string;
}

export interface FleetAnswer {
  /** When each had its token, epoch milliseconds. */
  readonly arrived: number[];
  /** When each script was sent, epoch milliseconds. */
  readonly sent: number[];
  readonly failed: string[];
}

/**
 * Derives one key, and hands the same one to whoever asks: all are of one account and one password. The core takes the function when it is loaded, so
 * this comes first.
 */
function deriveOnce(): void {
  const { pbkdf2 } = crypto;
  let derived: Promise<Buffer<ArrayBuffer>> | undefined;
  crypto.pbkdf2 = (...given) => {
    const done = given[5];
    derived ??= promisify(pbkdf2)(given[0], given[1], given[2], given[3], given[4]);
    // One after the other, as the callbacks would come.
    const hand = async (key: Promise<Buffer<ArrayBuffer>>): Promise<void> => done(null, await key);
    void hand(derived);
  };
  syncBuiltinESMExports();
}

deriveOnce();
const { redisStore } = await import('@x/auth-store-redis');
const { createEsignonTokenProvider } = await import('@x/esignon-auth');

const { providers: size, redisUrl, vendorUrl } = readInput<FleetInput>();
const clients = await Promise.all(
  Array.from({ length: Math.min(size, 20) }, () => {
    const client = createClient({ url: redisUrl });
    client.on('error', (error: Error) => console.error(error.message));
    return client.connect();
  }),
);
const sent: number[] = [];
const providers = Array.from({ length: size }, (_, index) => {
  const client = clients[index % clients.length];
  const store = redisStore({
    eval(script, options) {
      sent.push(Date.now());
      if (client === undefined) throw new Error('there is a client for each');
      return client.eval(script, options);
    },
  });
  const account = { companyId: 'company', email: 'user@example.com', password: 'password', baseUrl: vendorUrl };
  return createEsignonTokenProvider({ ...account, store, storeTimeout: 10_000 });
});

const arrived: number[] = [];
const failed: string[] = [];
await Promise.all(
  providers.map((provider) =>
    provider.getToken().then(
      () => void arrived.push(Date.now()),
      (error: unknown) => void failed.push(String(error)),
    ),
  ),
);
// The holder's last words to the store come after its callers have their token.
await Promise.all(clients.map((client) => client.ping()));
await answer({ arrived, sent, failed } satisfies FleetAnswer);
await Promise.all(clients.map((client) => client.close()));
