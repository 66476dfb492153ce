/**
 * A vendor in a process of its own on loopback, with three ways to log in: DataComSys', eSignon's and OAuth's client credentials. Any of its tokens opens any
 * call. It counts, and does what it is told by messages of its parent.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { answers } from '../harness/answers.ts';
import { unsignedJwt } from '../harness/jwt.ts';
import { answer as say, readInput } from '../harness/own-process.ts';
import type { VendorCounts, VendorInput, VendorOrder } from '../harness/vendor.ts';

const { lifetime, loginTime, callTime, singleSession } = readInput<VendorInput>();

let counts: VendorCounts = { logins: 0, failedLogins: 0, calls: 0, rejected: 0 };
let isDown = false;
let lastLogin = 0;
let issued = 0;
const valid = new Map<string, number>();

function issue(): { token: string; endsAt: number } {
  if (singleSession) valid.clear();
  issued += 1;
  // Whole seconds, as a JWT tells them.
  const endsAt = Math.floor((Date.now() + lifetime) / 1_000) * 1_000;
  const token = unsignedJwt(String(issued).padStart(8, '0'), endsAt);
  valid.set(token, endsAt);
  return { token, endsAt };
}

function send(response: ServerResponse, status: number, json: unknown): void {
  const body = JSON.stringify(json);
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer error="insufficient_claims", claims="e30="' } : {};
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...challenge }).end(body);
}

async function logIn(response: ServerResponse, reply: (token: string, endsAt: number) => unknown): Promise<void> {
  counts = { ...counts, logins: counts.logins + 1 };
  if (loginTime > 0) await pause(loginTime);
  if (isDown) {
    counts = { ...counts, failedLogins: counts.failedLogins + 1 };
    send(response, 503, { error: 'temporarily_unavailable' });
    return;
  }
  const { token, endsAt } = issue();
  lastLogin = Date.now();
  send(response, 200, reply(token, endsAt));
}

async function answerCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = request.headers.authorization?.split(' ').at(-1) ?? '';
  const isValid = (valid.get(token) ?? 0) > Date.now();
  counts = { ...counts, calls: counts.calls + 1, rejected: counts.rejected + (isValid ? 0 : 1) };
  // Answers come in another order than the requests, as over a network: some rejections arrive when the token has been renewed.
  if (callTime > 0) await pause((counts.calls % 10) * (callTime / 10));
  if (!isValid) send(response, 401, { status: 401, msg: 'Unauthorized' });
  else send(response, 200, request.url?.startsWith('/api/') === true ? answers.esignon : answers.datacomsys);
}

const server = createServer((request, response) => {
  request.resume();
  const { url = '' } = request;
  request.once('end', () => {
    if (url === '/Auth/Login') void logIn(response, (token) => ({ status: 200, msg: 'ok', data: { token } }));
    else if (url === '/api/company/login') {
      void logIn(response, (token, endsAt) => ({
        header: { result_code: '00' },
        body: { access_token: token, expire_date: String(endsAt) },
      }));
    } else if (url === '/token') {
      void logIn(response, (token, endsAt) => ({
        access_token: token,
        token_type: 'Bearer',
        expires_in: Math.floor((endsAt - Date.now()) / 1_000),
      }));
    } else if (url === '/login') void logIn(response, (token, endsAt) => ({ value: token, expiresAt: endsAt }));
    else void answerCall(request, response);
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', (order: VendorOrder) => {
  if (order === 'revoke') valid.clear();
  if (order === 'forget counts') counts = { logins: 0, failedLogins: 0, calls: 0, rejected: 0 };
  if (order === 'down') isDown = true;
  if (order === 'up') isDown = false;
  void say({ counts, lastLogin });
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => void say({ port: (server.address() as AddressInfo).port })); // it listens on a port
