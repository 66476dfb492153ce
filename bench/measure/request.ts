/**
 * CPU per call over a stub dispatcher, the answer read as JSON, for one contender and its limit by turns. `--single-threaded` makes the collector
 * run on the same thread, where it counts.
 */
import { gunzipSync } from 'node:zlib';

import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import { type Dispatcher, fetch as undiciFetch, request } from 'undici';

import { answers } from '../harness/answers.ts';
import { cpuPerCall } from '../harness/cpu.ts';
import { unsignedJwt } from '../harness/jwt.ts';
import { answer, readInput } from '../harness/own-process.ts';
import { datacomsysOverStub, esignonOverStub, origin, statusOnlyProvider } from '../harness/providers.ts';
import { interleave } from '../harness/rounds.ts';
import { StubDispatcher } from '../harness/stub-dispatcher.ts';
import { loadPeer } from '../peers/load.ts';
import { azure, undiciOidc } from '../peers/names.ts';
import type { LoggedIn } from '../peers/peer.ts';

export interface RequestInput {
  /** `fetch` = `createAuthFetch` against the same fetch; `request` = undici's `request`. */
  readonly way: 'request' | 'fetch';
  /** One of ours, the name of a peer, or for `fetch` also `clone`: the least that it takes to see a body. */
  readonly contender: string;
  readonly gzip: boolean;
  readonly rounds: number;
  readonly calls: number;
}

export interface RequestSamples {
  readonly limit: number[];
  readonly contender: number[];
}

type Call = () => Promise<unknown>;
type Headers = Record<string, string>;

interface Pair {
  readonly limit: Call;
  readonly contender: Call;
}

const { way, contender, gzip, rounds, calls } = readInput<RequestInput>();
const url = `${origin}/api/v2/company`;
const plain: Headers = { accept: 'application/json', 'user-agent': 'bench' };
const endsAt = Date.UTC(2099, 0, 1);
const first: LoggedIn = { value: unsignedJwt('first', endsAt), expiresAt: endsAt };
const vendor = { login: async () => first, url: origin, tokenUrl: `${origin}/token`, first };
const authorization = `Bearer ${first.value}`;

const ours: Record<string, { readonly provider: () => TokenProvider; readonly json: unknown }> = {
  status: { provider: statusOnlyProvider, json: answers.esignon },
  eSignon: { provider: esignonOverStub, json: answers.esignon },
  DataComSys: { provider: datacomsysOverStub, json: answers.datacomsys },
};

async function read(dispatcher: Dispatcher, headers: Headers): Promise<void> {
  const { body } = await request(url, { dispatcher, headers });
  // `request` hands a compressed body out as it came: its caller unpacks it.
  if (gzip) JSON.parse(gunzipSync(await body.arrayBuffer()).toString());
  else await body.json();
}

async function pairOfOurs(provider: TokenProvider, stub: Dispatcher): Promise<Pair> {
  const fixed = { ...plain, ...provider.requestHeaders(await provider.getToken()) };
  if (way === 'request') {
    const composed = stub.compose(authInterceptor(provider));
    return { limit: () => read(stub, fixed), contender: () => read(composed, plain) };
  }
  const send = fetchOver(stub);
  const authFetch = createAuthFetch(provider, { fetch: send });
  return {
    limit: async () => (await send(url, { headers: fixed })).json(),
    contender: async () => (await authFetch(url, { headers: plain })).json(),
  };
}

/** The types of Node's fetch and of undici's differ in names only. */
function fetchOver(stub: Dispatcher): typeof fetch {
  return ((input: string, init?: RequestInit) => undiciFetch(input, { ...(init as object), dispatcher: stub })) as typeof fetch;
}

/** The first of a body is read from a clone, and the Response itself stays as it came. */
function pairWithClone(stub: Dispatcher): Pair {
  const send = fetchOver(stub);
  const fixed = { ...plain, authorization };
  return {
    limit: async () => (await send(url, { headers: fixed })).json(),
    contender: async () => {
      const response = await send(url, { headers: fixed });
      const reader = response.clone().body?.getReader();
      await reader?.read();
      reader?.cancel().catch(() => undefined);
      return response.json();
    },
  };
}

async function callOf(name: string, stub: Dispatcher): Promise<Call> {
  if (name === undiciOidc) {
    const { withOidc } = await import('../peers/undici-oidc.ts');
    const composed = withOidc(stub, origin, vendor);
    return () => read(composed, { ...plain });
  }
  if (name === azure) return (await import('../peers/azure.ts')).aroundRequest(vendor, url, plain, (headers) => read(stub, headers));
  const { getToken } = (await loadPeer(name)).open(vendor);
  if (getToken === undefined) throw new Error(`${name} has no way to a token`);
  return async () => {
    await getToken();
    await read(stub, { ...plain, authorization });
  };
}

async function pairOf(name: string): Promise<Pair> {
  const own = ours[name];
  const stub = new StubDispatcher(origin, own?.json ?? answers.esignon, { gzip });
  if (own !== undefined) return pairOfOurs(own.provider(), stub);
  if (name === 'clone') return pairWithClone(stub);
  return { limit: () => read(stub, { ...plain, authorization }), contender: await callOf(name, stub) };
}

const pair = await pairOf(contender);
const samples = await interleave(
  { limit: () => cpuPerCall(pair.limit, calls), contender: () => cpuPerCall(pair.contender, calls) },
  { rounds, warmUp: 6 },
);
await answer(samples);
