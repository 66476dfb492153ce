import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

import type { Sandbox, SandboxAccount } from '@x/auth-core/testing';
import { Agent, request } from 'undici';

import { listenOnLoopback } from '../../packages/auth-core/test/helpers/loopback-server.ts';
import { type Answer, wire } from './answer.ts';
import type { Fault, Step } from './fault.ts';
import { password, type Vendor } from './vendors.ts';

/** What stands between a client and a vendor's sandbox, and disturbs single answers byte by byte. */
export interface Gateway extends AsyncDisposable {
  /** The vendor's base URL, by way of the gateway. */
  readonly url: string;
  readonly logins: number;
  readonly calls: number;
  /** Every token that went through, in either direction. */
  readonly tokens: ReadonlySet<string>;
  disturb(fault: Fault, where: 'login' | 'call'): void;
  /** Fulfilled once an answer was disturbed. */
  readonly hasDisturbed: Promise<void>;
  /** Disturbs nothing more. Fulfilled once what is still to be sent has arrived: on a connection in use it would pass for an answer to the next request. */
  calm(): Promise<void>;
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the sandboxes hand out. */
const tokenPattern = /[0-9a-f]{40}/;

export async function startGateway(vendor: Vendor, sandbox: Sandbox<SandboxAccount>, elsewhere: string): Promise<Gateway> {
  const upstream = new URL(sandbox.url);
  const agent = new Agent();
  const tokens = new Set<string>();
  const counted = { login: 0, call: 0 };
  const sending = new Set<Promise<void>>();
  const { promise: hasDisturbed, resolve: announce } = Promise.withResolvers<void>();
  let older = '';
  let disturbed: { readonly fault: Fault; readonly where: 'login' | 'call'; left: number } | undefined;

  async function stepsFor(received: Received): Promise<readonly Step[]> {
    const where = vendor.isLogin(received.method, received.path) ? 'login' : 'call';
    counted[where] += 1;
    const current = disturbed?.where === where && disturbed.left > 0 ? disturbed : undefined;
    if (current !== undefined) {
      current.left -= 1;
      announce();
    }
    const good = await forward(received, upstream.origin, agent);
    const token = tokenPattern.exec(where === 'login' ? good.body : (received.headers['authorization'] ?? ''))?.[0] ?? '';
    if (token !== '') tokens.add(token);
    if (where === 'call') older = token;
    if (current === undefined) return [{ send: wire(good) }];
    return current.fault.answer({ vendor, isLogin: where === 'login', good, password, token, older, origin: listening.origin, elsewhere });
  }

  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    void serve(socket, async (received) => {
      const steps = await stepsFor(received);
      const sent = takeAll(steps, socket);
      const isFinite = !steps.some((step) => 'pour' in step || 'end' in step);
      if (isFinite) sending.add(sent);
      await sent.finally(() => sending.delete(sent));
    });
  });
  const listening = await listenOnLoopback(server);
  return {
    url: listening.origin + (upstream.pathname === '/' ? '' : upstream.pathname),
    get logins() {
      return counted.login;
    },
    get calls() {
      return counted.call;
    },
    tokens,
    hasDisturbed,
    disturb(fault, where) {
      disturbed = { fault, where, left: where === 'login' || fault.always === true ? Infinity : 1 };
    },
    async calm() {
      disturbed = undefined;
      await Promise.all(sending);
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    },
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await agent.destroy();
    },
  };
}

async function serve(socket: Socket, answer: (received: Received) => Promise<void>): Promise<void> {
  try {
    for await (const received of readRequests(socket)) await answer(received);
  } catch {
    // The client is gone, as it may be at any time, or the sandbox is.
    socket.destroy();
  }
}

async function takeAll(steps: readonly Step[], socket: Socket): Promise<void> {
  for (const step of steps) {
    if (!socket.destroyed) await take(step, socket);
  }
}

async function take(step: Step, socket: Socket): Promise<void> {
  if ('send' in step) socket.write(step.send);
  else if ('wait' in step) await (step.wait === 0 ? nextTurn() : pause(step.wait));
  else if ('pour' in step) await pour(step.pour, step.every, socket);
  else if (step.end === 'close') socket.end();
  else if (step.end === 'reset') socket.resetAndDestroy();
  else await once(socket, 'close');
}

async function pour(text: string, every: number, socket: Socket): Promise<void> {
  while (!socket.destroyed) {
    const isTaken = socket.write(text);
    if (!isTaken) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    await (every === 0 ? nextTurn() : pause(every));
  }
}

/** The requests on a connection, one after the other: whole ones, with the length of their bodies told. */
async function* readRequests(socket: Socket): AsyncGenerator<Received> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk]);
    for (let end = endOfRequest(bytes); end !== undefined; end = endOfRequest(bytes)) {
      yield parse(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
  }
}

function endOfRequest(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  const length = /^content-length: *(\d+)/im.exec(bytes.toString('latin1', 0, head))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return end <= bytes.length ? end : undefined;
}

function parse(bytes: Buffer): Received {
  const head = bytes.indexOf('\r\n\r\n');
  const [line = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]);
  return { method, path, headers: Object.fromEntries(headers), body: bytes.subarray(head + 4) };
}

const passedOn = ['authorization', 'content-type', 'accept'];

async function forward({ method, path, headers, body }: Received, origin: string, dispatcher: Agent): Promise<Answer> {
  const response = await request(origin + path, {
    method: method === 'POST' ? 'POST' : 'GET',
    headers: Object.fromEntries(passedOn.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
    body: body.length === 0 ? null : body,
    dispatcher,
  });
  const { 'content-type': type, date } = response.headers;
  return { status: response.statusCode, headers: { 'content-type': String(type), date: String(date) }, body: await response.body.text() };
}
