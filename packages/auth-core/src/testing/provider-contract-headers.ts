import type { IncomingHttpHeaders } from 'node:http';

import { getGlobalDispatcher, request } from 'undici';

import type { AccessToken } from '../access-token.ts';
import { createAuthFetch } from '../requests/auth-fetch.ts';
import { authInterceptor } from '../requests/auth-interceptor.ts';
import type { TokenProvider } from '../token-provider.ts';
import { expectEqual, expectNoSecrets, expectThat } from './expectations.ts';
import { type ProtectedCall, type ProviderUnderTest, secretsOf, type Stage, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

type Send = (provider: TokenProvider, call: ProtectedCall) => Promise<void>;

/** The ways in which an application sends a token. */
const ways: readonly (readonly [way: string, send: Send])[] = [
  [
    'the interceptor',
    async (provider, { method = 'GET', path = '', headers = {}, body = null }) => {
      const dispatcher = getGlobalDispatcher().compose(authInterceptor(provider));
      await (await request(provider.baseUrl + path, { method, headers, body, dispatcher })).body.dump();
    },
  ],
  [
    'fetch',
    async (provider, { method = 'GET', path = '', headers = {}, body = null }) => {
      await (await createAuthFetch(provider)(path, { method, headers, body })).text();
    },
  ],
];

/** How a token travels: in the headers that the provider names. */
export function describeTokenHeaders({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('the headers of a token', () => {
    for (const [way, send] of ways) {
      it(`${way} sends the headers that requestHeaders names`, () =>
        withSandbox(subject, async ({ sandbox, create }) => {
          const provider = create();
          const token = await provider.getToken();
          const received = await headersReceived(sandbox, () => send(provider, subject.call ?? {}));
          const expected = Object.entries(provider.requestHeaders(token));
          expectThat(expected.length > 0, 'requestHeaders names at least one header');
          for (const [name, value] of expected) {
            expectEqual(name, name.toLowerCase(), 'requestHeaders names headers in lower case');
            // The values are secrets: they are not shown.
            expectThat(received[name] === value, `${way} sends the header ${name} as requestHeaders has it`);
          }
          expectEqual(sandbox.logins, 1, `${way} needs no further login`);
        }));
    }

    it('the log of the sandbox shows neither the password nor the token', () =>
      withSandbox(subject, async ({ sandbox, create, call, password }) => {
        const provider = create();
        const token = await provider.getToken();
        await call(provider, token);
        expectHidden(sandbox, provider, token);
        const hint = 'the log of the sandbox hides the password and the token (secretFields names their fields, parameters and headers)';
        expectNoSecrets(sandbox.requests, [password, ...secretsOf(token)], hint);
      }));
  });
}

/** What the sandbox receives, before its log hides anything. */
async function headersReceived(sandbox: Stage['sandbox'], send: () => Promise<void>): Promise<IncomingHttpHeaders> {
  let received: IncomingHttpHeaders = {};
  const answer = ({ headers }: { headers: IncomingHttpHeaders }) => {
    received = headers;
    return { status: 200, json: [] };
  };
  sandbox.fail({ answer }, { on: 'call' });
  await send();
  return received;
}

function expectHidden({ requests }: Stage['sandbox'], provider: TokenProvider, token: AccessToken): void {
  for (const [name, value] of Object.entries(provider.requestHeaders(token))) {
    const isShown = requests.some(({ headers }) => headers[name] === value);
    expectThat(!isShown, `the log of the sandbox hides the header ${name} (name it in secretFields)`);
  }
}
