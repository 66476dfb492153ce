/**
 * What the proxy of the shell command costs: the median time of a call through it, against a call through a forwarder that does nothing but forward, over the
 * same vendor. Batches of the two alternate, so that a machine whose speed drifts does not decide; everything is in one process on loopback. Then how
 * fast a long answer comes through either:
 *
 * node --conditions=@x/source packages/auth-cli/test/proxy/cost.bench.ts [pairs]
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createEsignonTokenProvider } from '@x/esignon-auth';
import { Agent, type Dispatcher, request } from 'undici';

import { newKey } from '../../src/proxy/key.ts';
import { startProxy } from '../../src/proxy/start-proxy.ts';

const pairs = Number(process.argv[2] ?? 40);
const batchSize = 200;
const warmUp = 5;
const mebibyte = 1024 * 1024;
const streamSize = 256 * mebibyte;

const fields = Array.from({ length: 24 }, (_, order) => ({ name: `field_${order}`, value: 'some text', order }));
const company = JSON.stringify({ header: { response_code: '2001A', result_code: '00', result_msg: 'ok' }, body: { fields } });
const login = JSON.stringify({
  header: { result_code: '00' },
  body: { access_token: 'a-token-of-this-bench-0123456789', expire_date: '2099-01-01' },
});
const chunk = Buffer.alloc(64 * 1024, '{"name":"value"},');

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // An IP server that listens has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer: RequestListener = (incoming, response) => {
  if (incoming.url === '/long') void sendLong(response.writeHead(200));
  else response.writeHead(200, { 'content-type': 'application/json' }).end(incoming.url?.endsWith('/login') ? login : company);
};

async function sendLong(response: Parameters<RequestListener>[1]): Promise<void> {
  for (let sent = 0; sent < streamSize; sent += chunk.length) if (!response.write(chunk)) await once(response, 'drain');
  response.end();
}

/** As little as a forwarder can do: it hands on whatever comes. */
function forward(dispatcher: Dispatcher, origin: string): RequestListener {
  return (incoming: IncomingMessage, response) => {
    const { method, url = '/', rawHeaders } = incoming;
    const headers = rawHeaders.filter((_, at) => !/^(?:host|connection)$/i.test(rawHeaders[at - (at % 2)] ?? ''));
    dispatcher.dispatch(
      { origin, path: url, method: method as Dispatcher.HttpMethod, headers, body: null }, // any method is a text to undici
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, received) => void response.writeHead(status, withoutConnection(received)),
        onResponseData(controller, data) {
          if (response.write(data)) return;
          controller.pause();
          response.once('drain', () => controller.resume());
        },
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      },
    );
  };
}

function withoutConnection({ connection: _1, 'keep-alive': _2, 'transfer-encoding': _3, ...headers }: IncomingMessage['headers']) {
  return headers;
}

interface Way {
  readonly name: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Milliseconds of each call. */
async function batch({ url, headers }: Way): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < batchSize; call += 1) {
    const start = performance.now();
    const { statusCode, body } = await request(`${url}/api/v2/company`, { headers });
    if ((await body.text()) !== company || statusCode !== 200) throw new Error('another answer came');
    times.push(performance.now() - start);
  }
  return times;
}

/** Mebibytes a second. */
async function throughput({ url, headers }: Way): Promise<number> {
  const start = performance.now();
  const { body } = await request(`${url}/long`, { headers });
  let size = 0;
  for await (const data of body) size += (data as Buffer).length; // without an encoding a body is of buffers
  if (size !== streamSize) throw new Error('another answer came');
  return streamSize / mebibyte / ((performance.now() - start) / 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const vendor = createServer(answer);
const origin = await listen(vendor);
const dispatcher = new Agent();
const bare = createServer(forward(dispatcher, origin));
const key = newKey();
const provider = createEsignonTokenProvider({ companyId: 'c', email: 'e', password: 'password', baseUrl: origin, dispatcher });
const proxy = await startProxy({ provider, port: 0, key, allow: [], log: () => undefined, dispatcher });

const headers = { accept: 'application/json', 'user-agent': 'bench' };
const ways: [Way, Way] = [
  { name: 'a bare forwarder', url: await listen(bare), headers },
  { name: 'the proxy', url: proxy.url, headers: { ...headers, authorization: `Bearer ${key}` } },
];
const times: [number[], number[]] = [[], []];
const differences: number[] = [];
for (let pair = -warmUp; pair < pairs; pair += 1) {
  const results = [await batch(ways[0]), await batch(ways[1])] as const;
  if (pair < 0) continue;
  times[0].push(...results[0]);
  times[1].push(...results[1]);
  differences.push(median(results[1]) - median(results[0]));
}
ways.forEach(({ name }, at) => console.log(`${name}: median ${median(times[at] ?? []).toFixed(3)} ms of ${times[at]?.length} calls`));
console.log(`the proxy costs ${median(differences).toFixed(3)} ms more (median of ${pairs} pairs of batches)`);
for (const way of ways) {
  await throughput(way);
  console.log(`${way.name}: ${Math.round(await throughput(way))} MiB/s`);
}

await proxy.close();
await dispatcher.close();
for (const server of [bare, vendor]) server.close().closeAllConnections();
