// The store contract with node:test, over the built packages, on whatever Node runs this.
// node --import ./undici-of-this-node.mjs contract.mjs sqlite <directory>, or redis|redis5 <URL of a server>
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { describeTokenStore } from '@x/auth-core/testing';

const [kind, place] = process.argv.slice(2);
const open = kind === 'sqlite' ? await sqliteStores() : await redisStores();

describeTokenStore({ describe, it }, { name: kind, capabilities: { tryLock: true }, create: () => openPlace(randomUUID()) });

/** A place of its own for a test, which may be opened several times. */
async function openPlace(name) {
  const opened = [];
  const another = async () => {
    const { store, close } = await open(name);
    opened.push(close);
    return store;
  };
  return { store: await another(), another, close: () => opened.forEach((close) => close()) };
}

async function sqliteStores() {
  const { sqliteStore } = await import('@x/auth-store-sqlite');
  return async (name) => {
    const store = sqliteStore({ path: join(place, `${name}.db`) });
    return { store, close: () => store[Symbol.dispose]() };
  };
}

async function redisStores() {
  const { redisStore } = await import('@x/auth-store-redis');
  const { createClient } = await import(kind);
  return async (name) => {
    const client = createClient({ url: place });
    client.on('error', () => undefined);
    await client.connect();
    return { store: redisStore(client, { prefix: `${name}:` }), close: () => client.destroy() };
  };
}
