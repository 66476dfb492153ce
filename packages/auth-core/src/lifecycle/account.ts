import type { ChannelMessage } from '../events.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { VendorProtocol } from '../token-provider.ts';
import { VendorClock } from './clock.ts';
import type { ProviderSettings } from './options.ts';

/** Where a vendor's API is, and where its token may be sent, checked: the base URL has one spelling. */
export interface Destination {
  readonly baseUrl: string;
  readonly origins: readonly string[];
}

/** One vendor's account, and what all parts of its provider work with. */
export interface Account {
  readonly protocol: VendorProtocol;
  readonly settings: ProviderSettings;
  readonly vendorClock: VendorClock;
  /** What every event says: the provider's name, and a short hash of the account, the same in every process. */
  readonly eventFields: ChannelMessage;
  /**
   * What its store keys begin with: vendor, origin and the account's hash. The hash stands in braces, which a Redis cluster takes as the sign that
   * all keys with it belong together.
   */
  readonly storeKey: string;
}

/** Fields are joined as JSON: no separator that could occur in one of them. */
export function createAccount(protocol: VendorProtocol, { origins }: Destination, settings: ProviderSettings): Account {
  const identity = typeof protocol.identity === 'string' ? [protocol.identity] : protocol.identity;
  const hash = nodeCrypto
    .createHash('sha256')
    .update(JSON.stringify([protocol.name, origins, identity]))
    .digest();
  return {
    protocol,
    settings,
    vendorClock: new VendorClock(settings.clock),
    // 8 and 32 letters, each a text of its own: a part of a longer text would keep that in memory for each account.
    eventFields: { provider: protocol.name, account: hash.toString('base64url', 0, 6) },
    storeKey: `${protocol.name}:${origins[0] ?? ''}:{${hash.toString('base64url', 0, 24)}}`,
  };
}

/** A short keyed hash of a token, by which an operator can follow it through events; the token cannot be found from it. */
export function fingerprint({ storeKey }: Account, value: string): string {
  return nodeCrypto.createHmac('sha256', storeKey).update(value).digest('hex').slice(0, 8);
}

/** A secret as it may be remembered: under a random key it can be compared with another one, and not be found out. */
export function tagOf(secret: string, key: string): string {
  return nodeCrypto.createHmac('sha256', key).update(secret).digest('base64url');
}

/** A text, not bytes: a process may hold one for each of thousands of accounts, and a Buffer takes ten times the memory. */
export function randomKey(): string {
  return nodeCrypto.randomBytes(32).toString('base64url');
}
