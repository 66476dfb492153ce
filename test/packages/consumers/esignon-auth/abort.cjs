const assert = require('node:assert/strict');
const events = require('node:events');
const { createServer } = require('node:http');

const { createAuthFetch, createEsignonTokenProvider } = require('@x/esignon-auth');
const { startEsignonSandbox } = require('@x/esignon-auth/sandbox');

// The signal of a call fires once its answer was looked into and handed out, and before it is read: the reader hears of it, and nothing else ends.
async function main() {
  const sandbox = await startEsignonSandbox();
  const [{ companyId, email, password }] = sandbox.accounts;
  const tokens = createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"header":{"result_code":"00"},"body":"${'x'.repeat(2_000_000)}"}`);
  });
  server.listen(0, '127.0.0.1');
  await events.once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const token = await tokens.getToken();
  const authFetch = createAuthFetch(bareAt(url, tokens, token));
  for (const make of [(signal) => [url, { signal }], (signal) => [new Request(url, { signal })]]) {
    const controller = new AbortController();
    const response = await authFetch(...make(controller.signal));
    controller.abort();
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(response.text(), { name: 'AbortError' });
  }
  const own = new AbortController();
  const withOwn = createAuthFetch(bareAt(url, tokens, token), { fetch: (input, init) => fetch(input, { ...init, signal: own.signal }) });
  await withOwn(url);
  own.abort();
  await new Promise((resolve) => setImmediate(resolve));
  server.closeAllConnections();
  server.close();
  await sandbox.close();
  console.log('read on');
}

function bareAt(url, tokens, token) {
  return {
    name: 'esignon',
    baseUrl: url,
    origins: [url],
    peekToken: () => token,
    getToken: async () => token,
    isRejection: (probe) => tokens.isRejection(probe),
    requestHeaders: () => tokens.requestHeaders(token),
  };
}

void main();
