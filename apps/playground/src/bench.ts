import { createAuthFetch, type TokenProvider } from '@x/auth-core';

import { type Call, createMeter, measure, type Meter } from './calls.ts';
import { type Delays, type Gateway, startGateway } from './gateway.ts';
import { createApi } from './hand-written-api.ts';
import { writtenByHand } from './hand-written.ts';
import type { GatewayMode } from './messages.ts';
import { createSteppedClock, type SteppedClock } from './stepped-clock.ts';
import type { StartedVendor, Vendor } from './vendors.ts';

/** One vendor under test: a sandbox for the provider, and another of the same kind for the login that is written by hand. */
export interface Bench extends AsyncDisposable {
  readonly vendor: Vendor;
  readonly clock: SteppedClock;
  readonly provider: TokenProvider;
  readonly meter: Meter;
  /** A call with the provider. */
  readonly call: () => Promise<Call>;
  /** The same call with a login that is written by hand. */
  readonly callByHand: () => Promise<Call>;
  /** Somebody else logs in, with the password that is right, at a vendor that then ends the older token. */
  readonly logInElsewhere: () => Promise<void>;
  /** The login requests that the vendor got, those of somebody else left out. */
  readonly logins: () => number;
  readonly loginsByHand: () => number;
  /** Revokes every token. */
  readonly revoke: () => void;
  mode: GatewayMode;
  /** Whether the vendor knows another password than the callers. */
  readonly passwordDiffers: boolean;
  /** The vendor gets another password, and ends its tokens. */
  readonly changePassword: (password: string) => void;
  /** The callers get the vendor's password. */
  readonly passOnPassword: () => void;
}

export async function openBench(vendor: Vendor, delays: Delays): Promise<Bench> {
  const clock = createSteppedClock();
  const ours = await openSide(vendor, clock, delays);
  const byHand = await openSide(vendor, clock, delays);
  const sides: readonly [Side, Side] = [ours, byHand];
  const password = createPassword(sides);
  const provider = ours.started.createProvider({ baseUrl: ours.gateway.url, password: password.known, clock });
  const meter = createMeter();
  const callByHand = writtenByHand(createApi(byHand.started, vendor.path, byHand.gateway.url, password.known));
  const elsewhere = countLoginsElsewhere(ours, vendor.path, password.right);
  return {
    vendor,
    clock,
    provider,
    meter,
    call: createCall(createAuthFetch(provider), vendor.path, ours.started, meter),
    callByHand: () => measure(callByHand),
    logInElsewhere: elsewhere.logIn,
    logins: () => ours.started.sandbox.logins - elsewhere.count(),
    loginsByHand: () => byHand.started.sandbox.logins,
    revoke: () => sides.forEach(({ started }) => started.sandbox.revoke()),
    get mode() {
      return ours.gateway.mode;
    },
    set mode(mode) {
      for (const { gateway } of sides) gateway.mode = mode;
    },
    get passwordDiffers() {
      return password.known() !== password.right();
    },
    changePassword: password.change,
    passOnPassword: password.passOn,
    async [Symbol.asyncDispose]() {
      await Promise.all(sides.map((side) => side[Symbol.asyncDispose]()));
    },
  };
}

function createCall(authFetch: typeof fetch, path: string, { isAnswer }: StartedVendor, meter: Meter): () => Promise<Call> {
  return async () => {
    const done = await measure(async () => isAnswer(await (await authFetch(path)).json()));
    meter.add(done);
    return done;
  };
}

/** The vendor's password, and the one that the callers know. */
function createPassword(sides: readonly [Side, Side]): {
  readonly known: () => string;
  readonly right: () => string;
  readonly change: (next: string) => void;
  readonly passOn: () => void;
} {
  const [account] = sides[0].started.sandbox.accounts;
  let known = account.password;
  return {
    known: () => known,
    right: () => account.password,
    change(next) {
      for (const { started } of sides) {
        started.sandbox.accounts[0].password = next;
        started.sandbox.revoke();
      }
    },
    passOn() {
      known = account.password;
    },
  };
}

function countLoginsElsewhere(
  { started }: Side,
  path: string,
  password: () => string,
): { readonly logIn: () => Promise<void>; readonly count: () => number } {
  const api = createApi(started, path, started.sandbox.url, password);
  let count = 0;
  return {
    count: () => count,
    async logIn() {
      count += 1;
      started.sandbox.revoke();
      await api.login();
    },
  };
}

interface Side extends AsyncDisposable {
  readonly started: StartedVendor;
  readonly gateway: Gateway;
}

async function openSide(vendor: Vendor, clock: SteppedClock, delays: Delays): Promise<Side> {
  const started = await vendor.start(clock);
  const gateway = await startGateway(started.sandbox.url, delays);
  return {
    started,
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await started.sandbox.close();
    },
  };
}
