// In a process of its own, with --expose-gc: what a request held is gone once it is over, though the provider lives on.
import { AsyncLocalStorage } from 'node:async_hooks';

import { createTokenProvider } from '@x/auth-core/provider';

const als = new AsyncLocalStorage();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let release;
const held = new Promise((resolve) => (release = resolve));
const protocol = {
  name: 'acme',
  baseUrl: 'https://api.example.com',
  identity: 'a',
  isRejection: () => false,
  login: async () => (await held, { value: 'token', expiresAt: Date.now() + 3_600_000 }),
};
const kept = {};
const refs = [];
const request = (run) => {
  const context = { big: new Uint8Array(1_000) };
  refs.push(new WeakRef(context));
  als.run(context, run);
};
request(() => {
  kept.provider = createTokenProvider(protocol);
});
const { provider } = kept;
request(() => void provider.getToken());
const controller = new AbortController();
request(() => void provider.getToken({ signal: controller.signal }).catch(() => undefined));
controller.abort();
await pause(1);
globalThis.gc();
await pause(1);
globalThis.gc();
const aborted = refs[2].deref() === undefined;
release();
await provider.getToken();
for (let turn = 0; turn < 5; turn += 1) {
  await pause(5);
  globalThis.gc();
}
console.log(JSON.stringify({ aborted, left: refs.map((ref) => ref.deref() !== undefined) }));
