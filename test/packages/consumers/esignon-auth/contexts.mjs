/** Says what of an async context is still held once the request is over: by a provider that was made in one, that logged in for one, and whose caller gave up. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createEsignonTokenProvider } from '@x/esignon-auth';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

let answer = () => undefined;
const vendor = createServer((_request, response) => {
  answer = () => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ header: { result_code: '00' }, body: { access_token: 'token', expire_date: '2099-12-22' } }));
  };
});
await new Promise((resolve) => vendor.listen(0, '127.0.0.1', resolve));

const requests = new AsyncLocalStorage();
const contexts = [];
function inRequest(run) {
  const context = { held: new Uint8Array(1_000) };
  contexts.push(new WeakRef(context));
  return requests.run(context, run);
}

async function collect() {
  for (let turn = 0; turn < 5; turn += 1) {
    await pause(5);
    gc();
  }
}

const account = { companyId: 'c', email: 'e@example.com', password: 'p', baseUrl: `http://127.0.0.1:${vendor.address().port}` };
const kept = {};
inRequest(() => (kept.provider = createEsignonTokenProvider(account)));
inRequest(() => void kept.provider.getToken());
const controller = new AbortController();
inRequest(() => void kept.provider.getToken({ signal: controller.signal }).catch(() => undefined));
await pause(50);
controller.abort();
await collect();
const heldByAborted = contexts[2].deref() !== undefined;
answer();
await kept.provider.getToken();
await collect();
console.log(JSON.stringify([heldByAborted, ...contexts.map((context) => context.deref() !== undefined)]));
vendor.close();
vendor.closeAllConnections();
