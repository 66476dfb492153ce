import type { TokenProvider } from '@x/auth-core';

import { type Cell, expectationsOf, judgeLogin, logIn, mostTime, openPlace, patiently, type Place, timed } from './cell.ts';
import type { OpenClient, Outcome } from './clients.ts';
import { type Fault, forVendor } from './fault.ts';
import type { Gateway } from './gateway.ts';
import { showsSecret } from './secrets.ts';
import type { Vendor } from './vendors.ts';

const patience = 10_000;
/** How long the caller of a request waits that would never end by itself, from when it was received. */
const impatience = 250;

/** A request with a good token whose answer is disturbed: the caller gets what the client alone gives, or the answer to a second request. */
export function callCell(vendor: Vendor, open: OpenClient, fault: Fault, elsewhere: string): Cell {
  const expected = forVendor(fault.call, vendor.name);
  return {
    name: `${vendor.name}, request through ${open.client}: ${fault.name}`,
    async run() {
      await using place = await openPlace(vendor, elsewhere);
      await using client = open();
      const { gateway } = place;
      const provider = place.createProvider({});
      await provider.getToken();
      const bare = expected === 'renewed' ? undefined : await callBare(place, open, provider, fault);
      gateway.disturb(fault, 'call');
      const wrong = await timed(mostTime, async () => {
        const outcome = await client.authorized(provider, urlOf(gateway, vendor), signalFor(fault, gateway));
        return bare === undefined ? judgeRenewed(place, outcome) : judgeUnchanged(place, outcome, { ...bare, fault });
      });
      const again = (): Promise<Outcome> => client.authorized(provider, urlOf(gateway, vendor), AbortSignal.timeout(patience));
      return [...wrong, ...(await callsAfterwards(place, again))];
    },
  };
}

const urlOf = (gateway: Gateway, vendor: Vendor): string => gateway.url + vendor.callPath;

function signalFor({ slow = 'login' }: Fault, gateway: Gateway): AbortSignal {
  if (slow === 'login') return AbortSignal.timeout(patience);
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException('the caller waits no longer', 'TimeoutError'));
  void gateway.hasDisturbed.then(() => setTimeout(abort, impatience));
  return controller.signal;
}

interface BareCall {
  readonly outcome: Outcome;
  readonly calls: number;
  readonly showsSecret: boolean;
}

/** The same request to the same fault with the same token, without our packages. */
async function callBare(place: Place, open: OpenClient, provider: TokenProvider, fault: Fault): Promise<BareCall> {
  await using gateway = await place.openGateway();
  await using client = open();
  gateway.disturb(fault, 'call');
  const headers = provider.requestHeaders(await provider.getToken());
  const outcome = await client.bare(urlOf(gateway, place.vendor), headers, signalFor(fault, gateway));
  return { outcome, calls: gateway.calls, showsSecret: errorShowsSecret(outcome, place) };
}

function errorShowsSecret(outcome: Outcome, { gateway }: Place): boolean {
  return 'error' in outcome && showsSecret(outcome.error, gateway.tokens);
}

function judgeUnchanged(place: Place, outcome: Outcome, bare: BareCall & { readonly fault: Fault }): string[] {
  const { calls, logins } = place.gateway;
  const failsAsItMay = bare.fault.endsByEither === true && 'error' in outcome && 'error' in bare.outcome;
  return [
    ...(failsAsItMay ? [] : differences(outcome, bare.outcome)),
    ...(calls === bare.calls ? [] : [`${calls} requests instead of ${bare.calls}`]),
    ...(logins === 1 ? [] : [`${logins - 1} logins although no token was rejected`]),
    // What the client's own error tells is the client's affair.
    ...(errorShowsSecret(outcome, place) && !bare.showsSecret ? ['SECRET in the error of a request'] : []),
  ];
}

function differences(ours: Outcome, bare: Outcome): string[] {
  if ('error' in ours || 'error' in bare) {
    const [mine, theirs] = [ours, bare].map((each) => ('error' in each ? each.told : `HTTP ${each.status}`));
    return mine === theirs ? [] : [`${mine} instead of ${theirs}`];
  }
  return (['status', 'headers', 'body'] as const)
    .filter((part) => ours[part] !== bare[part])
    .map((part) => `${part}: ${String(ours[part]).slice(0, 200)} instead of ${String(bare[part]).slice(0, 200)}`);
}

function judgeRenewed(place: Place, outcome: Outcome): string[] {
  const { calls, logins } = place.gateway;
  return [
    ...(isGood(outcome) ? [] : [`${short(outcome)} instead of the answer to a second request`]),
    ...(calls === 2 ? [] : [`${calls} requests instead of 2`]),
    ...(logins === 2 ? [] : [`${logins - 1} logins instead of one`]),
    ...(errorShowsSecret(outcome, place) ? ['SECRET in the error of a request'] : []),
  ];
}

function isGood(outcome: Outcome): boolean {
  return 'status' in outcome && outcome.status === 200 && /"(?:country_code|portName)"/.test(outcome.body);
}

function short(outcome: Outcome): string {
  return 'error' in outcome ? outcome.told : `HTTP ${outcome.status} ${outcome.body.slice(0, 100)}`;
}

/** The next request, over whatever became of the client's connections. */
async function callsAfterwards({ gateway }: Place, call: () => Promise<Outcome>): Promise<string[]> {
  await gateway.calm();
  const outcome = await patiently(() => orThrow(call()));
  return isGood(outcome) ? [] : [`the next request: ${short(outcome)}`];
}

async function orThrow(call: Promise<Outcome>): Promise<Outcome> {
  const outcome = await call;
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

/** A request whose token was rejected, and whose login is disturbed. It is never sent without a token. */
export function renewalCell(vendor: Vendor, open: OpenClient, fault: Fault, elsewhere: string): Cell {
  return {
    name: `${vendor.name}, login behind a request through ${open.client}: ${fault.name}`,
    async run() {
      await using place = await openPlace(vendor, elsewhere);
      await using client = open();
      const { gateway, sandbox } = place;
      const provider = place.createProvider(fault);
      await patiently(() => provider.getToken());
      sandbox.revoke();
      gateway.disturb(fault, 'login');
      const call = (): Promise<Outcome> => client.authorized(provider, urlOf(gateway, vendor), AbortSignal.timeout(patience));
      const wrong = await timed(mostTime, async () => {
        const result = await logIn(place, async () => {
          const outcome = await orThrow(call());
          if (!isGood(outcome)) throw new Error(`${short(outcome)} instead of the answer to a second request`);
          return provider.getToken();
        });
        const calls = result.error === undefined ? 2 : 1;
        return [
          ...judgeLogin(expectationsOf(fault, vendor), result, gateway.tokens),
          ...(gateway.calls === calls ? [] : [`${gateway.calls} requests instead of ${calls}`]),
        ];
      });
      await provider.forget();
      return [...wrong, ...(await callsAfterwards(place, call))];
    },
  };
}
