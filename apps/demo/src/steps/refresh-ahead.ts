import type { TokenProvider } from '@x/auth-core';

import { formatDuration } from '../output/format-duration.ts';
import { nextMessage } from '../provider-messages.ts';
import type { SandboxControls } from '../vendors/vendor.ts';
import { check, type Finding, type Step } from './step.ts';

const minute = 60_000;

export const refreshAhead: Step = {
  id: 'refresh-ahead',
  title: 'The token is about to end',
  lesson: 'Callers go on with the one at hand while one refresh runs behind them. (The clock is put forward here; nobody waits.)',
  acts: [
    async (vendor) => {
      const { expiresAt } = await vendor.provider.getToken();
      if (expiresAt === undefined) return { did: 'its token has no end: nothing to do', logins: 0 };
      if (vendor.sandbox === undefined) return { skipped: "a real token's clock cannot be put forward" };
      return refresh(vendor.provider, vendor.sandbox, expiresAt);
    },
  ],
};

async function refresh(provider: TokenProvider, { clock }: SandboxControls, expiresAt: number): Promise<Finding> {
  const current = await provider.getToken();
  clock.putForward(expiresAt - 5 * minute - clock.now());
  const refreshed = nextMessage('refresh', provider.name);
  const began = performance.now();
  const tokens = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
  const waited = formatDuration(performance.now() - began);
  check(
    tokens.every((token) => token === current),
    'a caller had to wait for the refresh',
  );
  const { ok } = await refreshed;
  check(ok, 'the refresh failed');
  const renewed = await provider.getToken();
  const gained = Math.round(((renewed.expiresAt ?? 0) - expiresAt) / minute);
  check(renewed !== current && gained > 0, 'the refresh brought no token that lasts longer');
  return {
    did: '1,000 calls five minutes before the end',
    notes: [`each got the current token at once, the last one after ${waited}`, `behind them, one refresh: ${gained} minutes more`],
    logins: 1,
  };
}
