import type { TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import { describe, expect, it, onTestFinished } from 'vitest';

import { failureOf, password, startRawServer } from './exchange.ts';

/** A provider of a vendor whose logins get a head with this status, and half of a body. */
async function setUp(status: number, options: TokenProviderOptions) {
  let logins = 0;
  const server = await startRawServer((socket) => {
    logins += 1;
    socket.write(`HTTP/1.1 ${status} Some Reason\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"message":`);
  });
  onTestFinished(() => server.close());
  const provider = createTokenProvider(
    {
      name: 'acme',
      baseUrl: new URL(server.url).origin,
      identity: 'account',
      secret: () => password,
      async login(context) {
        const response = await sendLoginRequest({ provider: 'acme', url: new URL(server.url), json: { password } }, context);
        const code = response.status === 401 ? 'INVALID_CREDENTIALS' : response.status === 403 ? 'NOT_ALLOWED' : 'VENDOR_ERROR';
        throw vendorError(response, { provider: 'acme', code, message: 'the login failed', secrets: [password] });
      },
      isRejection: () => false,
    },
    { retries: 2, random: () => 0.999, ...options },
  );
  return { provider, logins: () => logins };
}

describe('a login whose answer stops in its body when the time of the attempt is over', () => {
  it.each([
    [401, 'INVALID_CREDENTIALS'],
    [403, 'NOT_ALLOWED'],
  ])('is refused where the head says so (HTTP %i), and the credentials are not sent again', async (status, code) => {
    const { provider, logins } = await setUp(status, { attemptTimeout: 200 });
    const error = await failureOf(provider.getToken());
    expect(error).toMatchObject({ code, vendorStatus: status, attempts: 1, retryable: false });
    expect(logins()).toBe(1);
  });

  it('is one that came too late where the head tells of no refusal, and is made again', async () => {
    const { provider, logins } = await setUp(503, { attemptTimeout: 200, timeout: 10_000 });
    const error = await failureOf(provider.getToken());
    expect(error).toMatchObject({ code: 'TIMEOUT', attempts: 3, retryable: true });
    expect(error.message).toBe('acme: the vendor did not answer the login within attemptTimeout (200 ms)');
    expect(logins()).toBe(3);
  });
});
