import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Fault } from '@x/auth-core/testing';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { type EsignonFault, type EsignonSandboxOptions, startEsignonSandbox } from '@x/esignon-auth/sandbox';

import { listenOnLoopback, unusedPort } from '../../../auth-core/test/helpers/loopback-server.ts';
import type { Environment } from '../../src/surroundings.ts';

/** An account and a vendor with something wrong between them. */
interface Staged extends AsyncDisposable {
  readonly vendor: 'esignon' | 'datacomsys';
  readonly env: Environment;
}

/** What is staged, and what a check has to say. */
export interface Stage {
  /** Completes "names the cause where …". */
  readonly title: string;
  readonly cause: string;
  readonly status: 0 | 1 | 2 | 3;
  stage(): Promise<Staged>;
}

interface EsignonStage {
  readonly env?: Environment;
  readonly options?: EsignonSandboxOptions;
  readonly fault?: EsignonFault;
  /** What fails. Default: the login. */
  readonly on?: 'login' | 'call';
  /** A change of the sandbox's URL. */
  readonly url?: (url: string) => string;
}

async function esignon({ env = {}, options = {}, fault, on = 'login', url = (same) => same }: EsignonStage = {}): Promise<Staged> {
  const sandbox = await startEsignonSandbox(options);
  if (fault !== undefined) sandbox.fail(fault, { times: Infinity, on });
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_BASE_URL: url(sandbox.url), ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  return { vendor: 'esignon', env: { ...account, ...env }, [Symbol.asyncDispose]: () => sandbox.close() };
}

async function datacomsys(env: Environment, basePath = '', path = basePath, fault?: Fault): Promise<Staged> {
  const sandbox = await startDatacomsysSandbox({ basePath });
  if (fault !== undefined) sandbox.fail(fault, { times: Infinity, on: 'call' });
  const [{ codePort, idERP, password }] = sandbox.accounts;
  const account = { DATACOMSYS_CODE_PORT: codePort, DATACOMSYS_ID_ERP: String(idERP), DATACOMSYS_PASSWORD: password };
  const url = sandbox.url.replace(new RegExp(`${basePath}$`), path);
  return { vendor: 'datacomsys', env: { DATACOMSYS_BASE_URL: url, ...account, ...env }, [Symbol.asyncDispose]: () => sandbox.close() };
}

/** Two hours ahead: as seen from the vendor, this machine is behind. */
const ahead = (): number => Date.now() + 7_200_000;

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../auth-core/test/fixtures', name));

/** Ends a server with what is staged. */
function withServer(staged: Staged, server: AsyncDisposable): Staged {
  const end = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await staged[Symbol.asyncDispose]();
  };
  return { ...staged, [Symbol.asyncDispose]: end };
}

async function behindUntrustedCertificate(): Promise<Staged> {
  const tls = createTlsServer({ key: fixture('untrusted-key.pem'), cert: fixture('untrusted-certificate.pem') });
  const server = await listenOnLoopback(tls);
  const staged = await esignon({ env: { ESIGNON_BASE_URL: `https://localhost:${server.port}` } });
  return withServer(staged, server);
}

async function behindProxy(status: number): Promise<Staged> {
  const proxy = createHttpServer().on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
  const server = await listenOnLoopback(proxy);
  const staged = await esignon({ env: { http_proxy: `http://user:proxy-secret@127.0.0.1:${server.port}` } });
  return withServer(staged, server);
}

/** A proxy that lets everything through to a server that does not speak TLS. */
async function behindOpenProxy(): Promise<Staged> {
  const plain = createTcpServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  const target = await listenOnLoopback(plain);
  const proxy = createHttpServer().on('connect', (_request, socket) => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    plain.emit('connection', socket);
  });
  const server = await listenOnLoopback(proxy);
  const env = { ESIGNON_BASE_URL: `https://127.0.0.1:${target.port}`, https_proxy: server.origin };
  return withServer(withServer(await esignon({ env }), target), server);
}

/** Takes the token in the header that three pages of the vendor name. */
const otherHeader: EsignonFault = {
  answer: ({ headers }) => {
    const isTaken = String(headers['authentication']).startsWith('esignon ');
    return { status: 200, json: { header: { result_code: isTaken ? '00' : '94' }, body: {} } };
  },
};

const page = '<html><body>Forbidden</body></html>';
const forbidden: EsignonFault = { status: 403, headers: { 'content-type': 'text/html' }, body: page };

/** Nothing is wrong. */
export const well: Pick<Stage, 'title' | 'stage'> = { title: 'everything is right', stage: () => esignon() };

export const stages: readonly Stage[] = [
  { title: 'a variable is missing', cause: 'options', status: 2, stage: () => esignon({ env: { ESIGNON_EMAIL: '' } }) },
  {
    title: 'the password ends in a line break',
    cause: 'password-line-break',
    status: 2,
    stage: () => esignon({ env: { ESIGNON_PASSWORD: 'sandbox-password\n' } }),
  },
  {
    title: 'nobody knows the host',
    cause: 'host-unknown',
    status: 3,
    // No name has so long a part: nobody on the network is asked for it.
    stage: () => esignon({ env: { ESIGNON_BASE_URL: `https://${'docs'.repeat(16)}.invalid` } }),
  },
  {
    title: 'nothing listens at the port',
    cause: 'nothing-listens',
    status: 3,
    stage: async () => esignon({ env: { ESIGNON_BASE_URL: `http://127.0.0.1:${await unusedPort()}` } }),
  },
  {
    title: 'the server does not speak TLS',
    cause: 'not-tls',
    status: 3,
    stage: () => esignon({ url: (url) => url.replace('http:', 'https:') }),
  },
  { title: 'nobody vouches for the certificate', cause: 'certificate-authority', status: 3, stage: behindUntrustedCertificate },
  {
    title: 'the proxy is not there',
    cause: 'proxy-unreachable',
    status: 3,
    stage: async () => esignon({ env: { http_proxy: `http://127.0.0.1:${await unusedPort()}` } }),
  },
  { title: 'the proxy wants other credentials', cause: 'proxy-refuses', status: 3, stage: () => behindProxy(407) },
  { title: 'the server behind the proxy does not speak TLS', cause: 'not-tls', status: 3, stage: behindOpenProxy },
  { title: 'the path of the base URL is wrong', cause: 'wrong-path', status: 3, stage: () => datacomsys({}, '/v1', '') },
  {
    title: 'the base URL is that of a web page',
    cause: 'wrong-path',
    status: 3,
    stage: () => esignon({ fault: 'garbage' }),
  },
  { title: 'the clock is off', cause: 'clock-off', status: 0, stage: () => esignon({ options: { now: ahead } }) },
  {
    title: 'the password is wrong',
    cause: 'credentials-refused',
    status: 1,
    stage: () => esignon({ env: { ESIGNON_PASSWORD: 'mistyped' } }),
  },
  {
    title: 'the password of the ERP is wrong',
    cause: 'credentials-refused',
    status: 1,
    stage: () => datacomsys({ DATACOMSYS_PASSWORD: 'mistyped' }),
  },
  {
    title: 'the password ends in a space',
    cause: 'password-white-space',
    status: 1,
    stage: () => esignon({ env: { ESIGNON_PASSWORD: 'sandbox-password ' } }),
  },
  {
    title: 'the account is locked',
    cause: 'account-locked',
    status: 1,
    stage: () => esignon({ fault: { status: 423, body: { header: { result_code: '10' } } } }),
  },
  { title: 'the company may not use the API', cause: 'api-not-allowed', status: 1, stage: () => esignon({ fault: { result: '95' } }) },
  {
    title: 'the address is not on the allow list, and the login is turned away',
    cause: 'address-not-allowed',
    status: 1,
    stage: () => esignon({ fault: forbidden }),
  },
  {
    title: 'the address is not on the allow list, and calls are turned away',
    cause: 'address-not-allowed',
    status: 1,
    stage: () => esignon({ fault: forbidden, on: 'call' }),
  },
  {
    title: 'the header has its second spelling',
    cause: 'token-header',
    status: 1,
    stage: () => esignon({ fault: otherHeader, on: 'call' }),
  },
  {
    title: 'a new token is rejected',
    cause: 'token-rejected',
    status: 1,
    stage: () => esignon({ fault: { result: '94' }, on: 'call' }),
  },
  {
    title: 'a new token is rejected by a vendor that has one spelling of the header',
    cause: 'token-rejected',
    status: 1,
    stage: () => datacomsys({}, '', '', { status: 401 }),
  },
  { title: 'the period of use has ended', cause: 'period-ended', status: 1, stage: () => esignon({ fault: { result: '14' }, on: 'call' }) },
  { title: 'the vendor fails', cause: 'vendor-failed', status: 3, stage: () => esignon({ fault: { status: 503 } }) },
  { title: 'the connection breaks', cause: 'connection-broken', status: 3, stage: () => esignon({ fault: 'reset' }) },
];
