import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { expect, it } from 'vitest';

import { stubVendor, unavailable } from './stub-vendor.ts';

it('a refresh that fails for an hour at a thousand calls a second fails no caller and hammers nobody', async () => {
  using clock = manualClock({ timers: true });
  const vendor = stubVendor({ now: () => clock.now(), otherwise: unavailable });
  vendor.script.push(() => ({ value: 'kept', expiresAt: clock.now() + 2 * 3_600_000 }));
  const provider = createTokenProvider(vendor.protocol, { clock, refreshBefore: 3_600_000 });
  const first = await provider.getToken();
  await clock.advance(3_600_000);

  let failed = 0;
  for (let second = 0; second < 3_590; second += 1) {
    for (let call = 0; call < 1_000; call += 1) if (provider.peekToken() !== first) failed += 1;
    if ((await provider.getToken().catch(() => undefined)) !== first) failed += 1;
    await clock.advance(1_000);
  }
  const tried = vendor.logins - 1;
  console.log(`an hour of failing refreshes: ${tried} logins tried, ${failed} of ${3_590 * 1_001} calls failed`);
  expect(failed).toBe(0);
  expect(tried).toBeGreaterThan(10);
  expect(tried).toBeLessThanOrEqual(30);
});
