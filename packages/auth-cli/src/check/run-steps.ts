import { type AccessToken, type AuthError, isAuthError, type TokenProvider } from '@x/auth-core';

import type { CommandContext } from '../command.ts';
import type { Proxy } from '../dispatcher.ts';
import { formatInstant } from '../instant.ts';
import { adviceFor, type Details } from './advice.ts';
import { adviceForLogin, causeOfCode } from './find-cause.ts';
import { callFirst } from './first-call.ts';
import type { SeenAnswer } from './observe.ts';
import { openAccount, type Opened, requiredNames, type RouteDetails } from './open-account.ts';
import { ProxyRefusal, ProxyUnreachable, reach } from './reach.ts';
import { done, failed, type Step } from './step.ts';

/** The steps of a check, each as soon as it is done. After one that failed none follows. */
export async function* runSteps(context: CommandContext, agrees: () => Promise<boolean>): AsyncGenerator<Step> {
  const opened = await openAccount(context);
  if ('outcome' in opened) {
    yield opened;
    return;
  }
  yield done('options', `${requiredNames(context).join(', ')} → ${opened.shared.baseUrl}`);
  const pause = await findPause(opened);
  if (pause !== undefined) yield { ...pause, outcome: 'warning' };
  if (pause !== undefined && !(await agrees())) {
    yield pause;
    return;
  }
  const network = await tryNetwork(context, opened);
  yield network;
  if (network.outcome === 'failed') return;
  const provider = opened.openOwn(pause !== undefined);
  const login = await logIn(context, opened, provider);
  yield login.step;
  const clock = compareClocks(opened, context.now());
  if (clock !== undefined) yield clock;
  if (login.token === undefined) return;
  yield await describeToken(login.token, provider);
  const { dispatcher, details } = opened;
  yield await callFirst({ vendor: context.vendor, provider, dispatcher, signal: context.signal, details }, login.token);
}

async function findPause({ shared, details }: Opened): Promise<Step | undefined> {
  const { pause } = await shared.status();
  if (pause === undefined) return undefined;
  const until = formatInstant(pause.until);
  return failed('pause', `${pause.reason} → ${until}`, adviceFor('pausing'), { ...details, until, reason: pause.reason });
}

async function tryNetwork({ signal }: CommandContext, { shared, proxy, details }: Opened): Promise<Step> {
  try {
    return done('network', await reach({ url: new URL(shared.baseUrl), proxy, signal }));
  } catch (error) {
    if (proxy !== undefined) return failedAtProxy(error, proxy, details);
    return failed('network', details.host, adviceFor(causeOfCode(error)), details);
  }
}

function failedAtProxy(error: unknown, proxy: Proxy, details: RouteDetails): Step {
  const target = `${proxy.shown} → ${details.host}`;
  const onWay = { ...details, variable: proxy.variable };
  if (error instanceof ProxyRefusal) {
    return failed('network', target, adviceFor('proxy-refuses'), { ...onWay, status: String(error.status) });
  }
  if (!(error instanceof ProxyUnreachable)) return failed('network', target, adviceFor(causeOfCode(error)), details);
  // A proxy that is reached over TLS has a certificate of its own.
  const cause = causeOfCode(error.cause);
  const isCertificate = cause.startsWith('certificate-');
  return failed(
    'network',
    target,
    adviceFor(isCertificate ? cause : 'proxy-unreachable'),
    isCertificate ? { ...onWay, host: proxy.url.host } : onWay,
  );
}

async function logIn(
  context: CommandContext,
  { env, seen, details }: Opened,
  provider: TokenProvider,
): Promise<{ step: Step; token?: AccessToken }> {
  try {
    const token = await provider.getToken({ signal: context.signal });
    return { step: done('login', `HTTP ${seen.at(-1)?.status ?? ''}`), token };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    const password = env[details.password] ?? '';
    const advice = adviceForLogin(error, { vendor: context.vendor, seen: seen.at(-1), password });
    const hints = {
      ...details,
      ...(advice.cause === 'password-white-space' ? { variable: details.password } : {}),
      ...(advice.cause === 'pausing' ? pauseOf(error, context) : {}),
    };
    return { step: failed('login', error.code, advice, hints, answerOf(error, seen.at(-1))) };
  }
}

/** A pause that was met only at the login: another process may have brought it meanwhile. */
function pauseOf({ reason, retryAfter = 0 }: AuthError, { now }: { readonly now: () => number }): Details {
  return { reason: String(reason), until: formatInstant(now() + retryAfter) };
}

/** What came back: the status, what kind of text it was, and the vendor's own code and words, which the core has cleared of secrets. */
function answerOf({ vendorCode, vendorMessage }: AuthError, seen: SeenAnswer | undefined): string | undefined {
  const parts = [
    ...(seen === undefined ? [] : [`HTTP ${seen.status}, ${seen.kind}`]),
    ...(vendorCode === undefined || vendorCode === String(seen?.status) ? [] : [vendorCode]),
    ...(vendorMessage === undefined ? [] : [vendorMessage]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** A clock may be a few minutes off before anything notices. */
const tolerance = 300_000;

function compareClocks({ seen, details }: Opened, now: number): Step | undefined {
  const date = seen.at(-1)?.date ?? Number.NaN;
  const offset = now - date;
  if (Number.isNaN(date) || Math.abs(offset) < tolerance) return undefined;
  const minutes = `${offset < 0 ? '−' : '+'}${Math.round(Math.abs(offset) / 60_000)} min`;
  return { name: 'clock', outcome: 'warning', detail: minutes, advice: adviceFor('clock-off'), details: { ...details, offset: minutes } };
}

async function describeToken({ expiresAt }: AccessToken, provider: TokenProvider): Promise<Step> {
  const { fingerprint = '', assumedEnd = false } = await provider.status();
  const end = expiresAt === undefined ? '∞' : formatInstant(expiresAt);
  return done('token', `${fingerprint} → ${end}${assumedEnd ? ' ?' : ''}`);
}
