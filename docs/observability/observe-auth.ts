import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type Attributes, type Meter, type Span, SpanStatusCode, type Tracer } from '@opentelemetry/api';
// From whichever of the packages you have installed.
import { type ChannelMessages, channels, type FailureMessage, type LoginCause } from '@x/esignon-auth';

/** One line of a structured log. */
type Log = (level: 'info' | 'warn', event: string, fields: object) => void;

/** Where the events of all providers of this process go. */
export interface AuthObservers {
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly log?: Log;
}

/** Turns the events of all providers into metrics, spans and log lines, until the returned function is called. */
export function observeAuth({ meter, tracer, log }: AuthObservers): () => void {
  const stops: (() => void)[] = [];

  function on<Name extends keyof ChannelMessages>(
    name: Name,
    level: 'info' | 'warn',
    observe: (message: ChannelMessages[Name], provider: Attributes) => void,
  ): void {
    const listener = (data: unknown): void => {
      // Each channel has one type of message.
      const message = data as ChannelMessages[Name];
      observe(message, { 'auth_core.provider': message.provider });
      log?.(level, channels[name], message);
    };
    subscribe(channels[name], listener);
    stops.push(() => unsubscribe(channels[name], listener));
  }

  stops.push(observeLogins(on, meter, tracer));
  countOthers(on, meter);
  return () => stops.forEach((stop) => stop());
}

type On = <Name extends keyof ChannelMessages>(
  name: Name,
  level: 'info' | 'warn',
  observe: (message: ChannelMessages[Name], provider: Attributes) => void,
) => void;

/** Seconds: a login has 15 of them, by default; waiting for another process comes on top. */
const loginBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
/** Seconds: from a moment to a month. */
const ageBuckets = [1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000];

/** One span for each login, and how long they take. Returns what ends the spans that are still open. */
function observeLogins(on: On, meter: Meter, tracer: Tracer): () => void {
  const open = new Map<string | undefined, Span>();
  const duration = meter.createHistogram('auth_core.login.duration', {
    description: 'How long logins took, pauses between attempts included',
    unit: 's',
    advice: { explicitBucketBoundaries: loginBuckets },
  });
  const active = meter.createUpDownCounter('auth_core.login.active', { description: 'Logins under way', unit: '{login}' });

  on('loginStart', 'info', ({ provider, account, login, cause }, attributes) => {
    active.add(1, attributes);
    const about = { ...attributes, 'auth_core.account': account, 'auth_core.login.id': login, 'auth_core.login.cause': cause };
    // All callers share a login: it belongs to the trace of none.
    open.set(login, tracer.startSpan(`login ${provider}`, { root: true, attributes: about }));
  });
  const end = (message: LoginEnd, attributes: Attributes, more: Attributes): void => {
    const outcome = 'code' in message ? { 'error.type': message.code } : {};
    duration.record(message.duration / 1_000, { ...attributes, 'auth_core.login.cause': message.cause, ...outcome });
    const span = open.get(message.login);
    if (!open.delete(message.login)) return;
    active.add(-1, attributes);
    span?.setAttributes({ 'auth_core.login.attempts': message.attempts, ...outcome, ...more });
    if ('code' in message) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  on('loginEnd', 'info', (message, attributes) => end(message, attributes, { 'auth_core.token.fingerprint': message.token }));
  on('loginFailure', 'warn', (message, attributes) => end(message, attributes, vendorAttributes(message)));
  return () => open.forEach((span) => span.end());
}

type LoginEnd = ChannelMessages['loginEnd'] | ChannelMessages['loginFailure'];

function vendorAttributes({ vendorCode, vendorStatus }: FailureMessage): Attributes {
  return { 'auth_core.vendor.code': vendorCode, 'http.response.status_code': vendorStatus };
}

/** What is counted has few values each: accounts, logins and fingerprints are for spans and log lines. */
function countOthers(on: On, meter: Meter): void {
  const counter = (name: string, unit: string, description: string) => meter.createCounter(`auth_core.${name}`, { unit, description });
  const age = meter.createHistogram('auth_core.store.token.age', {
    description: 'How old tokens from the store were',
    unit: 's',
    advice: { explicitBucketBoundaries: ageBuckets },
  });
  const refreshes = counter('refreshes', '{refresh}', 'Renewals that began ahead of the end, and failed ones past an assumed end');
  const rejections = counter('rejections', '{rejection}', 'Tokens that the vendor rejected');
  const overBudget = counter('rejections_over_budget', '{rejection}', 'Rejections that caused no login: too many of late');
  const cooldowns = counter('cooldowns', '{cooldown}', 'Pauses in which no login is made');
  const kept = counter('renewals_past_end', '{renewal}', 'Failed renewals of a token past its assumed end');
  const unknownEnds = counter('unknown_ends', '{token}', 'Tokens whose end the vendor did not tell, or told as past');
  const troubles = counter('store.failures', '{failure}', 'What a store failed at; no request fails for it');

  on('tokenFromStore', 'info', (message, provider) => age.record(message.age / 1_000, { ...provider, ...causeOf(message) }));
  on('refresh', 'info', ({ ok, code }, provider) => refreshes.add(1, { ...provider, ...(ok ? {} : errorOf(code)) }));
  on('rejection', 'info', ({ current }, provider) => rejections.add(1, { ...provider, 'auth_core.rejection.current': current }));
  on('budgetUsedUp', 'warn', (_, provider) => overBudget.add(1, provider));
  on('cooldown', 'warn', ({ code }, provider) => cooldowns.add(1, { ...provider, ...errorOf(code) }));
  on('keptPastAssumedEnd', 'warn', ({ code }, provider) => kept.add(1, { ...provider, ...errorOf(code) }));
  on('unknownEnd', 'warn', ({ why }, provider) => unknownEnds.add(1, { ...provider, 'auth_core.unknown_end.reason': why }));
  on('storeTrouble', 'warn', ({ operation, why }, provider) =>
    troubles.add(1, { ...provider, 'auth_core.store.operation': operation, ...errorOf(why) }),
  );
}

function causeOf({ cause }: { cause: LoginCause }): Attributes {
  return { 'auth_core.login.cause': cause };
}

/** `_OTHER` is what the semantic conventions have for an error of no known kind. */
function errorOf(type = '_OTHER'): Attributes {
  return { 'error.type': type.replaceAll(' ', '_') };
}
