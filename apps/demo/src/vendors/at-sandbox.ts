import type { Sandbox } from '@x/auth-core/testing';

import type { DemoClock } from './demo-clock.ts';
import type { SandboxControls, Vendor, VendorKit } from './vendor.ts';

/** The vendor's sandbox on this machine. */
export function atSandbox(kit: VendorKit, sandbox: Sandbox<{ password: string }>, clock: DemoClock): Vendor {
  return {
    ...kit,
    createProvider: () => kit.create(),
    provider: kit.create(),
    logins: () => sandbox.logins,
    sandbox: { clock, requests: sandbox.requests, revoke: () => sandbox.revoke(), mistyped: mistype(kit, sandbox.accounts[0].password) },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

function mistype(kit: VendorKit, rightPassword: string): SandboxControls['mistyped'] {
  let password = 'not-the-password';
  return {
    provider: kit.create(() => password),
    correct: () => {
      password = rightPassword;
    },
  };
}
