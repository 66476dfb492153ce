import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { redisStore } from '@x/auth-store-redis';
import { sqliteStore } from '@x/auth-store-sqlite';
import {
  authInterceptor,
  createAuthFetch,
  createEsignonTokenProvider,
  esignonOptionsFromEnv,
  formatAuthorization,
  type TokenProvider,
} from '@x/esignon-auth';
import type { EsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent } from 'undici';

import { listenOnLoopback, unusedPort } from '../../packages/auth-core/test/helpers/loopback-server.ts';
import { root } from './documents.ts';

/** Does what goes wrong. Its failure is what a user sees. `directory` is for files. */
type Mistake = (sandbox: EsignonSandbox, directory: string) => unknown;

/** Right and wrong options. */
type Given = Readonly<Record<string, unknown>>;

/** A provider of the sandbox's account. The options are as wrong as they like. */
function create(sandbox: EsignonSandbox, given: Given = {}): TokenProvider {
  const [{ companyId, email, password }] = sandbox.accounts;
  const options = { companyId, email, password, baseUrl: sandbox.url, retries: 0, ...given };
  return createEsignonTokenProvider(options);
}

const login =
  (given: Given): Mistake =>
  (sandbox) =>
    create(sandbox, given).getToken();

/** The second login, after one that failed. */
const loginAgain =
  (fail: (sandbox: EsignonSandbox) => void, given: Given = {}): Mistake =>
  async (sandbox) => {
    fail(sandbox);
    const provider = create(sandbox, given);
    await provider.getToken().catch(() => undefined);
    await provider.getToken();
  };

/** Runs a text in another Node. What it prints on stderr becomes the failure. */
async function evaluate(node: string, code: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(node, [...args, '-e', code], { cwd: root, env: {} });
}

async function loginAt(server: Parameters<typeof listenOnLoopback>[0], scheme: string): Promise<void> {
  await using listening = await listenOnLoopback(server);
  const account = { companyId: 'acme', email: 'api@acme.example', password: 'p', retries: 0 };
  await createEsignonTokenProvider({ ...account, baseUrl: `${scheme}://localhost:${listening.port}` }).getToken();
}

const fixture = (name: string): Buffer => readFileSync(join(root, 'test/docs/fixtures', name));

/** The types of fetch leave `duplex` out. */
const stream = (): RequestInit & { duplex: 'half' } => ({
  method: 'POST',
  body: new ReadableStream({ start: (controller) => controller.close() }),
  duplex: 'half',
});

/** What goes wrong first, by the message that tells of it: a part of it, as docs/troubleshooting.md has it. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  'these environment variables are not set: ESIGNON_PASSWORD': () =>
    esignonOptionsFromEnv({ ESIGNON_COMPANY_ID: 'acme', ESIGNON_EMAIL: 'a@acme.example' }),
  'ESIGNON_URL is not known, did you mean ESIGNON_BASE_URL?': () => esignonOptionsFromEnv({ ESIGNON_URL: 'https://acme.example' }),
  'url: is not known, did you mean baseUrl?': login({ url: 'https://acme.example' }),
  'baseUrl: expected an absolute URL': login({ baseUrl: 'docs.esignon.net' }),
  'plain http is refused except on loopback': login({ baseUrl: 'http://acme.example' }),
  'ends in a line break': login({ password: 'secret\n' }),
  'expected what create…TokenProvider(options) returns, not its options': (sandbox) => createAuthFetch(sandbox.accounts[0] as never), // a common slip
  'require() of ES Module': () =>
    evaluate(process.execPath, "require('@x/esignon-auth')", '--no-experimental-require-module', '--conditions=@x/source'),
  'refused: check company id, e-mail and password': login({ password: 'mistyped' }),
  'this company may not call the API': (sandbox) => {
    sandbox.fail({ result: '95' });
    return create(sandbox).getToken();
  },
  'login not attempted: these credentials were refused': loginAgain(() => undefined, { password: 'mistyped' }),
  'login not attempted: the last login failed': loginAgain((sandbox) => sandbox.fail({ result: '99' })),
  'login not attempted: the vendor asked for a pause': loginAgain((sandbox) => sandbox.fail({ status: 503, retryAfter: 60 })),
  'returned HTTP 404, not JSON: check baseUrl': () =>
    loginAt(
      createServer((_, response) => response.writeHead(404).end('<html>')),
      'http',
    ),
  'returned a redirect (HTTP 302), not followed': (sandbox) => {
    sandbox.fail({ redirect: 'https://acme.example/' });
    return create(sandbox).getToken();
  },
  'got no whole answer: check baseUrl and the network': async (sandbox) =>
    create(sandbox, { baseUrl: `http://127.0.0.1:${await unusedPort()}` }).getToken(),
  'presents a certificate that is not trusted': () =>
    loginAt(createTlsServer({ key: fixture('proxy-key.pem'), cert: fixture('proxy-certificate.pem') }), 'https'),
  'does not speak TLS': () => loginAt(createServer(), 'https'),
  'login timed out: no answer from': (sandbox) => {
    sandbox.fail('silent');
    return create(sandbox, { attemptTimeout: 50 }).getToken();
  },
  'the function that returns the password threw': login({
    password: () => {
      throw new Error('the vault is closed');
    },
  }),
  'the dispatcher is closed': async (sandbox) => {
    const dispatcher = new Agent();
    await dispatcher.close();
    await create(sandbox, { dispatcher }).getToken();
  },
  'expected an AccessToken, not a promise': (sandbox) => formatAuthorization(create(sandbox).getToken() as never), // an await is missing
  'expected an http(s) URL, or a path that stays below baseUrl': (sandbox) => createAuthFetch(create(sandbox))('//acme.example/'),
  'it was given to another undici': async (sandbox) => {
    const dispatcher = new Agent().compose(authInterceptor(create(sandbox)));
    // Types of one undici in the place of another's.
    await fetch(`${sandbox.url}/api/v2/company`, { dispatcher } as unknown as RequestInit).catch((error: unknown) => {
      throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
    });
  },
  'its body is a stream that is used up': async (sandbox) => {
    const esignonFetch = createAuthFetch(create(sandbox), { onUnreplayable: 'error' });
    sandbox.fail({ status: 401 }, { on: 'call' });
    await esignonFetch('/api/v2/company', stream());
  },
  'this is a client of ioredis': () => redisStore({ eval: () => undefined, defineCommand: () => undefined } as never), // as ioredis has it
  'is no database of this package': async (_, directory) => {
    const path = join(directory, 'notes.txt');
    writeFileSync(path, 'notes');
    await sqliteStore({ path }).get('key');
  },
};

/** What can be seen on Node 20 only. `project` finds undici 7 and the packages as they are built. */
export const mistakesOfNode20: Readonly<Record<string, (node: string, project: string) => Promise<void>>> = {
  "Cannot read properties of undefined (reading 'bind')": (node) => evaluate(node, "require('undici')"),
  'needs node:sqlite, which is in Node 22.13 and later': async (node, project) => {
    await promisify(execFile)(node, [project], { env: {} });
  },
};
