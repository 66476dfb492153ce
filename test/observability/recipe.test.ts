import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';

import { startTelemetry, type Telemetry } from './telemetry.ts';

let telemetry: Telemetry;
beforeEach(() => {
  telemetry = startTelemetry();
});
afterEach(() => telemetry[Symbol.dispose]());

/** Two logins: the first fails as the fault says, the second works. */
async function logInTwice(password?: string) {
  await using sandbox = await startEsignonSandbox();
  const [account] = sandbox.accounts;
  const create = (given: string) => createEsignonTokenProvider({ ...account, password: given, baseUrl: sandbox.url, retries: 0 });
  const failure: unknown = await create(password ?? 'not the one')
    .getToken()
    .catch((error: unknown) => error);
  const token = await create(account.password).getToken();
  return { failure, secrets: [account.password, 'not the one', token.value] };
}

async function metric(name: string) {
  const found = (await telemetry.metrics()).find(({ descriptor }) => descriptor.name === name);
  if (found === undefined) throw new Error(`${name} is not exported`);
  return found;
}

it('the duration of a login is exported in seconds, with error.type where it failed and without it where it worked', async () => {
  await logInTwice();
  const { descriptor, dataPoints } = await metric('auth_core.login.duration');
  expect(descriptor).toMatchObject({ unit: 's' });
  const common = { 'auth_core.provider': 'esignon', 'auth_core.login.cause': 'first' };
  expect(dataPoints.map(({ attributes }) => attributes)).toEqual([{ ...common, 'error.type': 'INVALID_CREDENTIALS' }, common]);
  const ended = telemetry.lines.find(({ event }) => event === '@x/auth-core:login.end');
  expect(dataPoints[1]?.value).toMatchObject({ count: 1, sum: Number(Reflect.get(ended?.fields ?? {}, 'duration')) / 1_000 });
});

it('each login is a span of its own, in no trace of a caller, with its id, and an error where it failed', async () => {
  await trace.getTracer('application').startActiveSpan('request', async (request) => {
    await logInTwice();
    request.end();
  });
  const [failed, worked, request] = telemetry.spans();
  expect(request).toMatchObject({ name: 'request' });
  for (const span of [failed, worked]) {
    expect(span).toMatchObject({ name: 'login esignon', attributes: { 'auth_core.login.id': expect.stringMatching(/^[\da-f]{8}$/) } });
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).not.toBe(request?.spanContext().traceId);
  }
  expect(failed).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'INVALID_CREDENTIALS', 'auth_core.vendor.code': '10', 'http.response.status_code': 200 },
  });
  expect(worked).toMatchObject({ status: { code: SpanStatusCode.UNSET }, attributes: { 'auth_core.login.attempts': 1 } });
  expect(worked?.attributes).not.toHaveProperty('error.type');
});

it('the log lines of one login have the id of its span', async () => {
  await logInTwice();
  const ids = telemetry.lines.map(({ fields }) => Reflect.get(fields, 'login'));
  const [failed, worked] = telemetry.spans().map(({ attributes }) => attributes['auth_core.login.id']);
  // Start, failure and cooldown; start and end.
  expect(ids).toEqual([failed, failed, failed, worked, worked]);
});

it('no metric, span or log line has a password or a token', async () => {
  const { secrets } = await logInTwice();
  const told = JSON.stringify([await telemetry.metrics(), telemetry.spans().map(({ attributes }) => attributes), telemetry.lines]);
  for (const secret of secrets) expect(told).not.toContain(secret);
});

it('no metric has an account, a login or a fingerprint among its attributes: their number has no bound', async () => {
  await logInTwice();
  const names = (await telemetry.metrics()).flatMap(({ dataPoints }) => dataPoints.flatMap(({ attributes }) => Object.keys(attributes)));
  expect(new Set(names)).toEqual(new Set(['auth_core.provider', 'auth_core.login.cause', 'error.type']));
});

it('no login is under way when all have ended, and nothing is told any more after the end', async () => {
  await logInTwice();
  telemetry.stop();
  const lines = telemetry.lines.length;
  await logInTwice();
  expect(telemetry.lines).toHaveLength(lines);
  const { dataPoints } = await metric('auth_core.login.active');
  expect(dataPoints.map(({ value }) => value)).toEqual([0]);
});

it('a login that is still under way at the end leaves no span open', async () => {
  await using sandbox = await startEsignonSandbox();
  const [account] = sandbox.accounts;
  const arrived = Promise.withResolvers<void>();
  sandbox.fail({ answer: () => (arrived.resolve(), new Promise(() => undefined)) });
  const stop = new AbortController();
  const waiting = createEsignonTokenProvider({ ...account, baseUrl: sandbox.url, retries: 0 }).getToken({ signal: stop.signal });
  await arrived.promise;
  telemetry.stop();
  expect(telemetry.spans()).toHaveLength(1);
  stop.abort();
  await waiting.catch(() => undefined);
});
