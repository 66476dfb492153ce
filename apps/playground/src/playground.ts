import { type ActionName, loads } from './actions.ts';
import { createFeed, type Feed, type Message } from './feed.ts';
import type { Delays } from './gateway.ts';
import { type LiveVendor, openLiveVendor } from './live-vendor.ts';
import type { Outcome, VendorName } from './messages.ts';
import { vendors } from './vendors.ts';

/** Both vendors, and everybody who watches them. */
export interface Playground extends AsyncDisposable {
  readonly feed: Feed;
  /** What a page has to know that has just been opened. */
  readonly greet: () => Message;
  /** Undefined where another load of that vendor is still under way: the calls at a time are bounded. */
  act(vendor: VendorName, action: ActionName): Promise<Outcome | undefined>;
  setTraffic(on: boolean): Outcome;
  /** New vendors, new providers, and nothing of what was. */
  startOver(): Promise<Outcome>;
}

/** How often there is a call of the steady traffic; every second time the numbers are published. */
const interval = 250;

export async function openPlayground(options: { readonly delays: Delays; readonly traffic: boolean }): Promise<Playground> {
  const feed = createFeed();
  const busy = new Set<VendorName>();
  let { traffic } = options;
  let lastId = 0;
  const open = (): Promise<LiveVendor[]> =>
    Promise.all(vendors.map((vendor) => openLiveVendor(vendor, options.delays, () => (lastId += 1), feed.publish)));
  let live = await open();

  let beats = 0;
  const beat = (): void => {
    // While nobody watches, nothing is sent.
    if (feed.listeners === 0) return;
    beats += 1;
    for (const vendor of live) {
      if (traffic) vendor.call();
      if (beats % 2 === 0) {
        vendor.sample();
        void vendor.look();
      }
    }
  };
  const timer = setInterval(beat, interval);

  const greet = (): Message => ({
    name: 'hello',
    data: {
      now: Date.now(),
      traffic,
      vendors: live.map(({ state }) => state),
      events: live.flatMap(({ events }) => events).toSorted((one, other) => one.id - other.id),
      samples: live.flatMap(({ samples }) => samples),
    },
  });
  const close = async (opened: readonly LiveVendor[]): Promise<void> => {
    await Promise.all(opened.map((vendor) => vendor[Symbol.asyncDispose]()));
  };

  let starting: Promise<Outcome> | undefined;
  const restart = async (): Promise<Outcome> => {
    const old = live;
    live = await open();
    await close(old);
    feed.publish(greet());
    return { said: 'Everything is new: vendors, providers, clocks and counters.' };
  };

  return {
    feed,
    greet,
    async act(name, action) {
      const vendor = live.find((one) => one.vendor.name === name);
      if (vendor === undefined) return undefined;
      if (!loads.has(action)) return vendor.act(action);
      if (busy.has(name)) return undefined;
      busy.add(name);
      return vendor.act(action).finally(() => busy.delete(name));
    },
    setTraffic(on) {
      traffic = on;
      feed.publish({ name: 'traffic', data: { on } });
      return { said: on ? 'Steady traffic: four calls a second at each vendor.' : 'No steady traffic.' };
    },
    startOver() {
      starting ??= restart().finally(() => {
        starting = undefined;
      });
      return starting;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      feed.close();
      await close(live);
    },
  };
}
