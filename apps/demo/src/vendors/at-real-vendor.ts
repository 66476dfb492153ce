import { onMessage } from '../provider-messages.ts';
import type { Vendor, VendorKit } from './vendor.ts';

/** The vendor itself. Its logins are counted as they are sent: the provider tells of each on its diagnostics channels. */
export function atRealVendor(kit: VendorKit): Vendor {
  const provider = kit.create();
  let logins = 0;
  const count = ({ attempts }: { attempts: number }): void => {
    logins += attempts;
  };
  const stops = [onMessage('loginEnd', provider.name, count), onMessage('loginFailure', provider.name, count)];
  return {
    ...kit,
    createProvider: () => kit.create(),
    provider,
    logins: () => logins,
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) stop();
    },
  };
}
