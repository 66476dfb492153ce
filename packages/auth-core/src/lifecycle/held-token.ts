import { type AccessToken, createAccessToken } from '../access-token.ts';
import type { FreshToken } from './fresh-token.ts';
import type { ProviderSettings } from './provider-options.ts';
import { refreshWindow } from './refresh-policy.ts';
import type { VendorClock } from './vendor-clock.ts';

/** The current token, ready to be handed out. Its instants are the vendor's time; infinite where it has no end. */
export interface HeldToken {
  readonly token: AccessToken;
  /** What every warm caller gets: made once. */
  readonly promise: Promise<AccessToken>;
  readonly endsAt: number;
  readonly refreshAt: number;
}

export function holdToken(fresh: FreshToken, vendorClock: VendorClock, settings: ProviderSettings): HeldToken {
  const { value, scheme, issuedAt, expiresAt } = fresh;
  const token = createAccessToken({
    value,
    scheme,
    issuedAt: vendorClock.toLocal(issuedAt),
    expiresAt: expiresAt === undefined ? undefined : vendorClock.toLocal(expiresAt),
  });
  const promise = Promise.resolve(token);
  if (expiresAt === undefined) return { token, promise, endsAt: Number.POSITIVE_INFINITY, refreshAt: Number.POSITIVE_INFINITY };
  const window = refreshWindow(expiresAt - issuedAt, settings.refreshBefore, settings.random());
  return { token, promise, endsAt: expiresAt, refreshAt: expiresAt - window };
}
