import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels, type TokenStatus } from '@x/auth-core';

import { type ActionName, actions } from './actions.ts';
import { openBench } from './bench.ts';
import { describeEvent } from './describe-event.ts';
import type { Message } from './feed.ts';
import type { Delays } from './gateway.ts';
import { createLife } from './life.ts';
import type { Outcome, PageEvent, Sample, VendorState } from './messages.ts';
import type { Vendor } from './vendors.ts';

/** A vendor as the page shows it: what it is like now, and what happened. */
export interface LiveVendor extends AsyncDisposable {
  readonly vendor: Vendor;
  readonly state: VendorState;
  /** Oldest first. */
  readonly events: readonly PageEvent[];
  readonly samples: readonly Sample[];
  act(name: ActionName): Promise<Outcome>;
  /** One call of the steady traffic. */
  call(): void;
  /** Publishes what the calls since the last sample were like. */
  sample(): void;
  /** Looks how the account stands, and publishes that. */
  look(): Promise<void>;
}

const maxEvents = 200;
/** Two a second for two minutes. */
const maxSamples = 240;

const names = Object.keys(channels) as (keyof typeof channels)[]; // the keys of a constant

/** @param nextId Numbers the events of all vendors. */
export async function openLiveVendor(
  vendor: Vendor,
  delays: Delays,
  nextId: () => number,
  publish: (message: Message) => void,
): Promise<LiveVendor> {
  const bench = await openBench(vendor, delays);
  const life = createLife(() => Date.now());
  const events: PageEvent[] = [];
  const samples: Sample[] = [];

  const record = (name: PageEvent['name'], text: string, fields: PageEvent['fields'] = {}): void => {
    const event: PageEvent = { id: nextId(), at: Date.now(), vendor: vendor.name, name, text, fields };
    if (events.push(event) > maxEvents) events.shift();
    publish({ name: 'event', data: event });
  };
  const stops = names.map((name) =>
    listen(name, vendor.name, (message) => {
      life.on(name, message);
      record(name, describeEvent(name, message), { ...message });
    }),
  );
  const describe = (status: TokenStatus): VendorState => ({
    name: vendor.name,
    label: vendor.label,
    baseUrl: bench.provider.baseUrl,
    call: `GET ${vendor.path}`,
    now: Date.now(),
    ahead: bench.clock.ahead(),
    logins: bench.logins(),
    calls: bench.meter.calls,
    answered: bench.meter.answered,
    mode: bench.mode,
    passwordDiffers: bench.passwordDiffers,
    ...viewOf(status),
    spans: life.spans(),
  });
  let state = describe({});
  const look = async (): Promise<void> => {
    const status = await bench.provider.status();
    life.look(status.pause !== undefined, bench.clock.now());
    state = describe(status);
    publish({ name: 'vendor', data: state });
  };

  return {
    vendor,
    get state() {
      return state;
    },
    events,
    samples,
    async act(name) {
      const outcome = await actions[name](bench);
      record('action', outcome.said);
      await look();
      return outcome;
    },
    call: () => void bench.call(),
    sample() {
      const sample = bench.meter.sample(vendor.name, Date.now());
      if (samples.push(sample) > maxSamples) samples.shift();
      publish({ name: 'sample', data: sample });
    },
    look,
    async [Symbol.asyncDispose]() {
      stops.forEach((stop) => stop());
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** Calls back for each event of a vendor's provider on one channel, until the returned function is called. */
function listen<Name extends keyof ChannelMessages>(
  name: Name,
  provider: string,
  callback: (message: ChannelMessages[Name]) => void,
): () => void {
  const listener = (payload: unknown): void => {
    const message = payload as ChannelMessages[Name]; // the documented payload of the channel
    if (message.provider === provider) callback(message);
  };
  subscribe(channels[name], listener);
  return () => void unsubscribe(channels[name], listener);
}

function viewOf({ fingerprint, issuedAt, expiresAt, refreshAt, pause }: TokenStatus): Pick<VendorState, 'token' | 'pause'> {
  const hasToken = fingerprint !== undefined && issuedAt !== undefined;
  return { token: hasToken ? { fingerprint, issuedAt, expiresAt, refreshAt } : undefined, pause };
}
