import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import { join } from 'node:path';

import { Agent } from 'undici';
import type { TokenProviderOptions } from '@x/auth-core';
import { startFaultyServer, type Fault } from '@x/auth-core/testing';

import { listenOnLoopback, unusedPort } from '../../packages/auth-core/test/helpers/loopback-server.ts';
import type { Situation } from './situation.ts';
import { answers, atDatacomsys, atEsignon, loginAt, password, providerOf } from './stage.ts';

const html = { 'content-type': 'text/html' };
const success = (body: object): Fault => answers({ header: { result_code: '00' }, body });

/** What eSignon may answer. */
const esignon: readonly Situation[] = [
  { about: 'a wrong password', stage: () => atEsignon({ result: '10' }) },
  { about: 'a company without access to the API', stage: () => atEsignon({ result: '95' }) },
  { about: 'a request that eSignon cannot parse', stage: () => atEsignon({ result: '12' }) },
  { about: 'an exception at eSignon', stage: () => atEsignon({ result: '99' }) },
  { about: 'a result code that nobody knows', stage: () => atEsignon({ result: '77', message: 'Something new' }) },
  { about: 'success with HTTP 201', stage: () => atEsignon({ status: 201, body: { header: { result_code: '00' }, body: {} } }) },
  { about: 'HTTP 401', stage: () => atEsignon({ status: 401 }) },
  { about: 'HTTP 403', stage: () => atEsignon({ status: 403 }) },
  { about: 'HTTP 423', stage: () => atEsignon({ status: 423 }) },
  { about: 'HTTP 400', stage: () => atEsignon({ status: 400 }) },
  { about: 'HTTP 429 with Retry-After', stage: () => atEsignon({ status: 429, retryAfter: 60 }) },
  { about: 'HTTP 423 with Retry-After', stage: () => atEsignon({ status: 423, retryAfter: 60 }) },
  {
    about: 'the page of a gateway that is out of order',
    stage: () => atEsignon({ status: 502, headers: html, body: '<h1>Bad gateway</h1>' }),
  },
  { about: 'a web page', stage: () => atEsignon('garbage') },
  { about: 'HTTP 404: baseUrl has a path too many', stage: () => atEsignon({ status: 404, headers: html, body: '<h1>Not found</h1>' }) },
  { about: 'HTTP 404 with JSON', stage: () => atEsignon({ status: 404, body: { error: 'not found' } }) },
  { about: 'JSON of another kind', stage: () => atEsignon(answers({})) },
  { about: 'no token in the answer', stage: () => atEsignon(success({ expire_date: '2099-01-01' })) },
  { about: 'an empty token', stage: () => atEsignon(success({ access_token: '' })) },
  { about: 'a token with a line break', stage: () => atEsignon(success({ access_token: 'to\nken' })) },
  { about: "a vendor's message that repeats the password", stage: () => atEsignon({ result: '10', message: `${password} is wrong` }) },
];

/** What DataComSys may answer. */
const datacomsys: readonly Situation[] = [
  { about: 'a wrong password', stage: () => atDatacomsys({ status: 401, body: { status: 401, msg: 'Authentification failed' } }) },
  { about: 'an account that is not allowed', stage: () => atDatacomsys({ status: 403 }) },
  { about: 'an account that is locked', stage: () => atDatacomsys({ status: 423 }) },
  { about: 'HTTP 404: baseUrl lacks a path', stage: () => atDatacomsys({ status: 404 }) },
  { about: 'an error inside of HTTP 200', stage: () => atDatacomsys(answers({ status: 500, msg: 'Erreur interne' })) },
  { about: 'a web page', stage: () => atDatacomsys('garbage') },
  { about: 'a status that is none', stage: () => atDatacomsys(answers({ status: 'fine', data: { token: 'x' } })) },
  { about: 'no token', stage: () => atDatacomsys(answers({ status: 200, data: {} })) },
  { about: 'an empty token', stage: () => atDatacomsys(answers({ status: 200, data: { token: '' } })) },
];

/** A login at a server that does this, and with a provider that is told that. */
async function atServer(fault: Fault, options: TokenProviderOptions = {}): Promise<unknown> {
  await using server = await startFaultyServer(() => ({ status: 200 }));
  server.fail(fault, { times: Infinity });
  return await loginAt(server.url, options).getToken();
}

async function atSsh(): Promise<unknown> {
  await using server = await listenOnLoopback(
    createServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n')),
  );
  return await loginAt(server.origin).getToken();
}

async function atPlainPort(): Promise<unknown> {
  await using server = await startFaultyServer(() => ({ status: 200 }));
  return await loginAt(server.url.replace('http:', 'https:')).getToken();
}

async function atUntrusted(): Promise<unknown> {
  const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../packages/auth-core/test/fixtures', name), 'utf8');
  const server = createTlsServer({ cert: fixture('untrusted-certificate.pem'), key: fixture('untrusted-key.pem') });
  server.on('tlsClientError', () => undefined);
  await using listening = await listenOnLoopback(server);
  return await loginAt(listening.origin.replace('http:', 'https:')).getToken();
}

async function withClosedDispatcher(): Promise<unknown> {
  const dispatcher = new Agent();
  await dispatcher.close();
  return await loginAt('http://127.0.0.1:9', { dispatcher }).getToken();
}

/** A connection that takes longer than the operating system waits. */
function unreachable(): Promise<unknown> {
  const late = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:443'), { code: 'ETIMEDOUT' });
  const dispatcher = new Agent({ connect: (_, connected) => connected(late, null) });
  return loginAt('https://api.acme.example', { dispatcher }).getToken();
}

/** What a network, a proxy or a dispatcher may do to a login. */
const transport: readonly Situation[] = [
  { about: 'nobody listens', stage: async () => loginAt(`http://127.0.0.1:${await unusedPort()}`).getToken() },
  { about: 'the connection is reset', stage: () => atServer('reset') },
  { about: 'the answer is cut short', stage: () => atServer('cut') },
  { about: 'no connection in time', stage: unreachable },
  { about: 'no answer within attemptTimeout', stage: () => atServer('silent', { attemptTimeout: 60 }) },
  { about: 'no answer within timeout', stage: () => atServer('silent', { timeout: 60 }) },
  { about: 'the port is no HTTP', stage: atSsh },
  { about: 'https at a port of plain http', stage: atPlainPort },
  { about: 'a certificate of an authority that is not trusted', stage: atUntrusted },
  { about: 'the dispatcher is closed', stage: withClosedDispatcher },
  { about: 'a header that cannot be sent', stage: () => loginAt('http://127.0.0.1:9', {}, { headers: { 'x y': '1' } }).getToken() },
  { about: 'a redirect', stage: () => atServer({ redirect: 'https://elsewhere.example/' }) },
  { about: 'a compressed answer', stage: () => atServer({ status: 200, headers: { 'content-encoding': 'gzip' }, body: 'x' }) },
  { about: 'an answer of 4 MiB', stage: () => atServer('oversize') },
];

const returns = (value: unknown) => ({ login: async () => value });

/** What the login of a provider of one's own may do. */
const ownLogins: readonly Situation[] = [
  { about: 'a login that returns nothing', stage: () => providerOf(returns(undefined)).getToken() },
  {
    about: 'a login that returns odd parts',
    stage: () => providerOf(returns({ value: 1, scheme: 'a b', expiresAt: Infinity })).getToken(),
  },
  {
    about: 'a login with a mistake in it',
    stage: () => providerOf({ login: async (context: object) => Reflect.get(context, 'body').token }).getToken(),
  },
  { about: 'a login that parses no JSON', stage: () => providerOf({ login: async () => JSON.parse('token=1') }).getToken() },
  { about: 'a login that throws no error', stage: () => providerOf({ login: () => Promise.reject('no') }).getToken() },
  {
    about: 'a login that throws the password',
    stage: () => providerOf({ login: () => Promise.reject(new Error(`wrong: ${password}`)) }).getToken(),
  },
];

export const logins: readonly Situation[] = [...esignon, ...datacomsys, ...transport, ...ownLogins];
