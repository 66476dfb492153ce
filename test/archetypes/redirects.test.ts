import type { AccessTokenInit, TokenProvider, VendorProtocol } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { describe, expect, test } from 'vitest';

import { archetypes } from './archetypes.ts';
import { type Arrival, type Place, redirectingTo, startPlace } from './places.ts';
import { type Client, clients, type Send } from './redirect-clients.ts';

const secret = 'token-that-stays-home';

/** A token, and the headers that it travels in. */
interface Traveller {
  readonly name: string;
  readonly headerNames: readonly string[];
  /** A provider of the token for a vendor at this address. */
  provide(baseUrl: string): TokenProvider;
}

function travelling(name: string, headerNames: readonly string[], token: AccessTokenInit, own: Partial<VendorProtocol> = {}): Traveller {
  const protocol = { name: 'vendor', identity: 'account', login: async () => token, isRejection: () => false };
  return { name, headerNames, provide: (baseUrl) => createTokenProvider({ ...protocol, ...own, baseUrl }) };
}

/** The two forms of `Authorization`, and the headers of the archetypes as their own providers make them. */
const travellers: readonly Traveller[] = [
  travelling('Authorization with a scheme', ['authorization'], { value: secret, scheme: 'Vendor' }),
  travelling('Authorization without a scheme', ['authorization'], { value: secret }),
  ...archetypes.map(({ name, tokenHeaders, create }) => {
    const account = { user: 'api', password: 'password' };
    const provider = create({ baseUrl: 'https://vendor.example', account, password: account.password }, {});
    const token = { value: secret, scheme: 'Bearer', extra: { synotoken: `${secret}-2`, csrf: `${secret}-3` } };
    return travelling(name, tokenHeaders, token, { requestHeaders: (issued) => provider.requestHeaders(issued) });
  }),
];

/** A way that a redirect of the vendor leads. */
interface Journey {
  readonly name: string;
  readonly scheme: 'http' | 'https';
  /** Where the vendor redirects to. */
  target(places: Places, status: number): string;
  /** How many requests follow the first one, elsewhere and at the vendor, and how many of the latter carry the token. */
  readonly followed: Pick<Outcome, 'abroad' | 'home' | 'seenAtHome'>;
}

interface Places {
  readonly vendor: Place;
  readonly stranger: Place;
}

const away = { abroad: 1, home: 0, seenAtHome: 0 };

const journeys: readonly Journey[] = [
  { name: 'another host name', scheme: 'http', target: ({ vendor }) => `http://stranger.test:${vendor.port}/end`, followed: away },
  { name: 'another port', scheme: 'http', target: ({ stranger }) => `${stranger.origin}/end`, followed: away },
  { name: 'http instead of https', scheme: 'https', target: ({ stranger }) => `${stranger.origin}/end`, followed: away },
  {
    name: 'another port and back again',
    scheme: 'http',
    target: ({ vendor, stranger }, status) => stranger.origin + redirectingTo(`${vendor.origin}/end`, status),
    followed: { abroad: 1, home: 1, seenAtHome: 0 },
  },
  { name: 'another path of the vendor', scheme: 'http', target: () => '/end', followed: { abroad: 0, home: 1, seenAtHome: 1 } },
];

interface Call {
  readonly method: 'GET' | 'POST';
  readonly status: number;
}

const statuses = [301, 302, 303, 307, 308];
const calls = statuses.flatMap((status): Call[] => [
  { method: 'GET', status },
  { method: 'POST', status },
]);

/** How a call ended, how many requests followed the first one, and which of all of them carried the token or a header for it. */
interface Outcome {
  readonly answer: number;
  readonly sent: boolean;
  readonly abroad: number;
  readonly seenAbroad: number;
  readonly home: number;
  readonly seenAtHome: number;
}

async function travel(send: Send, journey: Journey, { headerNames, provide }: Traveller, call: Call, places: Places): Promise<Outcome> {
  const { vendor, stranger } = places;
  vendor.arrivals.length = 0;
  stranger.arrivals.length = 0;
  const url = vendor.origin + redirectingTo(journey.target(places, call.status), call.status);
  const answer = await send(provide(vendor.origin), url, call.method);
  const isAtHome = ({ headers }: Arrival): boolean => headers.host === new URL(vendor.origin).host;
  const [first, ...home] = vendor.arrivals.filter(isAtHome);
  const abroad = [...stranger.arrivals, ...vendor.arrivals.filter((arrival) => !isAtHome(arrival))];
  const seen = (arrivals: readonly Arrival[]): number => arrivals.filter((arrival) => holdsToken(arrival, headerNames)).length;
  const sent = headerNames.every((name) => String(first?.headers[name]).includes(secret));
  return { answer, sent, abroad: abroad.length, seenAbroad: seen(abroad), home: home.length, seenAtHome: seen(home) };
}

function holdsToken({ path, headers }: Arrival, headerNames: readonly string[]): boolean {
  return JSON.stringify([path, headers]).includes(secret) || headerNames.some((name) => name in headers);
}

/** Where the 3xx is handed out, nothing follows the first request. */
function expectedOutcome(
  { handsOut, isAnewEachHop }: Client,
  { followed }: Journey,
  { headerNames }: Traveller,
  { status }: Call,
): Outcome {
  const isOwnHeader = headerNames.some((name) => name !== 'authorization' && name !== 'cookie');
  if (handsOut && isOwnHeader) return { answer: status, sent: true, abroad: 0, seenAbroad: 0, home: 0, seenAtHome: 0 };
  return { answer: 200, sent: true, seenAbroad: 0, ...followed, ...(isAnewEachHop ? { seenAtHome: followed.home } : {}) };
}

describe.each(clients)('$name', (client) => {
  test.each(journeys)(`the tokens of ${travellers.length} vendors, redirected to $name, are seen at the vendor alone`, async (journey) => {
    const places = { vendor: await startPlace(journey.scheme), stranger: await startPlace() };
    const send = client.open();
    for (const traveller of travellers) {
      for (const call of calls) {
        const outcome = await travel(send, journey, traveller, call, places);
        expect(outcome, `${traveller.name}, ${call.method}, ${call.status}`).toEqual(expectedOutcome(client, journey, traveller, call));
      }
    }
  });
});
