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
  logInElsewhere(): Promise<void>;
  /** The login requests that the vendor got, those of somebody else left out. */
  readonly logins: () => number;
  readonly loginsByHand: () => number;
  /** Revokes every token. */
  revoke(): void;
  mode: GatewayMode;
  /** Whether the vendor knows another password than the callers. */
  readonly passwordDiffers: boolean;
  /** The vendor gets another password, and ends its tokens. */
  changePassword(password: string): void;
  /** The callers get the vendor's password. */
  passOnPassword(): void;
}

interface Side extends AsyncDisposable {
  readonly started: StartedVendor;
  readonly gateway: Gateway;
}

export async function openBench(vendor: Vendor, delays: Delays): Promise<Bench> {
  const clock = createSteppedClock();
  const ours = await openSide(vendor, clock, delays);
  const byHand = await openSide(vendor, clock, delays);
  const sides = [ours, byHand];
  const [account] = ours.started.sandbox.accounts;
  let known = account.password;
  let elsewhere = 0;
  const password = (): string => known;
  const provider = ours.started.createProvider({ baseUrl: ours.gateway.url, password, clock });
  const authFetch = createAuthFetch(provider);
  const somebodyElse = createApi(ours.started, vendor.path, ours.started.sandbox.url, () => account.password);
  const callByHand = writtenByHand(createApi(byHand.started, vendor.path, byHand.gateway.url, password));
  const meter = createMeter();
  return {
    vendor,
    clock,
    provider,
    meter,
    async call() {
      const done = await measure(async () => ours.started.isAnswer(await (await authFetch(vendor.path)).json()));
      meter.add(done);
      return done;
    },
    callByHand: () => measure(callByHand),
    async logInElsewhere() {
      elsewhere += 1;
      ours.started.sandbox.revoke();
      await somebodyElse.login();
    },
    logins: () => ours.started.sandbox.logins - elsewhere,
    loginsByHand: () => byHand.started.sandbox.logins,
    revoke: () => sides.forEach(({ started }) => started.sandbox.revoke()),
    get mode() {
      return ours.gateway.mode;
    },
    set mode(mode) {
      for (const { gateway } of sides) gateway.mode = mode;
    },
    get passwordDiffers() {
      return known !== account.password;
    },
    changePassword(next) {
      for (const { started } of sides) {
        started.sandbox.accounts[0].password = next;
        started.sandbox.revoke();
      }
    },
    passOnPassword() {
      known = account.password;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(sides.map((side) => side[Symbol.asyncDispose]()));
    },
  };
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
