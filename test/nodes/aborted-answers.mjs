/**
 * Answers whose body is looked into and then given up, by the signal of their caller or by one that the fetch adds. Prints how their reading ended, and
 * what nobody handled.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';

import { createAuthFetch } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';

const unhandled = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));

// What is looked at comes at once, and the rest never.
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write(`{"code":"00","text":"${'x'.repeat(100)}`);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const provider = createTokenProvider({
  name: 'acme',
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  identity: 'user',
  secret: () => 'password',
  login: async () => ({ value: 'token' }),
  isRejection: ({ body }) => (body === undefined ? 'need-body' : !body.includes('"00"')),
});

/** How the reading of an answer ends that is given up, and leaves another one that nobody reads. */
async function readUntilAborted(authFetch, abort, init) {
  const read = await authFetch('/read', init);
  await authFetch('/left', init);
  const ended = read.text().then(
    () => 'whole',
    ({ name }) => name,
  );
  abort();
  return ended;
}

const callers = new AbortController();
const own = new AbortController();
const withSignal = (input, init) => fetch(input, { ...init, signal: own.signal });
const ended = [
  await readUntilAborted(createAuthFetch(provider), () => callers.abort(), { signal: callers.signal }),
  await readUntilAborted(createAuthFetch(provider, { fetch: withSignal }), () => own.abort()),
];
// When nothing is left to happen, whatever nobody handles has been told.
process.on('exit', () => console.log(JSON.stringify({ ended, unhandled })));
server.closeAllConnections();
server.close();
