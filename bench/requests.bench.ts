/**
 * What the interceptor costs: client CPU per `request()` over a stub dispatcher, its JSON read, against the same request with a fixed header. Batches
 * of the two alternate, and the ratio is the median of the pairs', so that a machine whose speed drifts does not decide. Garbage is
 * collected on the same thread, where it counts:
 *
 * node --single-threaded --conditions=@x/source bench/requests.bench.ts [pairs]
 */
import { authInterceptor, type TokenProvider } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { type Dispatcher, request } from 'undici';

import { StubDispatcher } from './stub-dispatcher.ts';

const origin = 'https://vendor.example';
const pairs = Number(process.argv[2] ?? 60);
const batchSize = 2_000;
const warmUp = 5;

const token = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** For an answer of 1.5 KB. */
const fields = Array.from({ length: 24 }, (_, order) => ({ name: `field_${order}`, value: 'some text', order }));
const plain = { accept: 'application/json', 'user-agent': 'bench' };

interface Vendor {
  readonly name: string;
  readonly provider: TokenProvider;
  readonly authorization: string;
  /** The answer to a call. */
  readonly answers: readonly [ordinary: unknown, short: unknown];
}

const vendors: Vendor[] = [
  {
    name: 'DataComSys',
    provider: createDatacomsysTokenProvider({
      codePort: 'ABC',
      idERP: 1,
      password: 'password',
      baseUrl: origin,
      dispatcher: new StubDispatcher(origin, { status: 200, msg: 'ok', data: { token } }),
    }),
    authorization: token,
    answers: [
      { status: 200, msg: 'ok', data: { fields } },
      { status: 200, msg: 'ok', data: {} },
    ],
  },
  {
    name: 'eSignon',
    provider: createEsignonTokenProvider({
      companyId: 'company',
      email: 'user@example.com',
      password: 'password',
      baseUrl: origin,
      dispatcher: new StubDispatcher(origin, { header: { result_code: '00' }, body: { access_token: token, expire_date: '2099-01-01' } }),
    }),
    authorization: `esignon ${token}`,
    answers: [
      { header: { response_code: '2001A', result_code: '00', result_msg: 'ok' }, body: { fields } },
      { header: { result_code: '00' } },
    ],
  },
];

/** CPU microseconds per request. */
async function batch(dispatcher: Dispatcher, headers: Record<string, string>): Promise<number> {
  const start = process.cpuUsage();
  for (let call = 0; call < batchSize; call += 1) {
    const { body } = await request(`${origin}/api/v2/company`, { dispatcher, headers });
    await body.json();
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / batchSize;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function measure({ name, provider, authorization }: Vendor, answer: unknown): Promise<void> {
  const stub = new StubDispatcher(origin, answer);
  const composed = stub.compose(authInterceptor(provider));
  const fixed: number[] = [];
  const ratios: number[] = [];
  for (let pair = -warmUp; pair < pairs; pair += 1) {
    const before = await batch(stub, { ...plain, authorization });
    const after = await batch(composed, plain);
    if (pair < 0) continue;
    fixed.push(before);
    ratios.push(after / before);
  }
  const what = `${name}, ${JSON.stringify(answer).length} bytes`;
  console.log(`${what}: ${median(fixed).toFixed(2)} µs with a fixed header, ${median(ratios).toFixed(3)} times that with the interceptor`);
}

for (const vendor of vendors) {
  await vendor.provider.getToken();
  for (const answer of vendor.answers) await measure(vendor, answer);
}
