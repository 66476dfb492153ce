// Every fault at every place: what a login and a request come to, at both vendors, through every client and over both stores. Prints what is expected
// and what is wrong. An argument limits it to the cells whose names hold it.
import { callCell, renewalCell } from './call-cells.ts';
import type { Cell } from './cell.ts';
import { clients } from './clients.ts';
import { type Elsewhere, startElsewhere } from './elsewhere.ts';
import { storeFaults } from './faults/stores.ts';
import { fleetCell } from './fleet-cells.ts';
import { loginCell } from './login-cells.ts';
import { type Report, runCells } from './run-cells.ts';
import { type Watch, watchProcess } from './secrets.ts';
import { storeCell } from './store-cells.ts';
import { stores } from './stores.ts';
import { faults } from './table.ts';
import { describeFaults } from './describe-faults.ts';
import { vendors } from './vendors.ts';

/** More cells wait than compute. */
const atATime = 20;
/** Cells with a store wait for keys, of which a process derives one at a time. */
const atATimeWithStores = 4;

/** Every fault at every vendor, in a login, and in a request and behind one through every client. */
function serverCells({ origin }: Elsewhere): Cell[] {
  const all = Object.values(faults).flat();
  return vendors.flatMap((vendor) =>
    all.flatMap((fault) => [
      loginCell(vendor, fault, origin),
      ...clients.map((client) => callCell(vendor, client, fault, origin)),
      ...clients.map((client) => renewalCell(vendor, client, fault, origin)),
    ]),
  );
}

/** Every fault of a store at every vendor; and what is shared of each fault of a server, the vendors and stores in turn. */
function storeCells({ origin }: Elsewhere): Cell[] {
  const ofStores = vendors.flatMap((vendor) =>
    stores.flatMap((open) => storeFaults.map((fault) => storeCell(vendor, open, fault, origin))),
  );
  const places = vendors.flatMap((vendor) => stores.map((open) => ({ vendor, open })));
  const shared = Object.values(faults)
    .flat()
    .filter((_, at) => at % 2 === 0);
  return [
    ...ofStores,
    ...shared.flatMap((fault, at) =>
      places.slice(at % places.length, (at % places.length) + 1).map(({ vendor, open }) => fleetCell(vendor, open, fault, origin)),
    ),
  ];
}

function summarize({ size, wrong, hung }: Report, { unhandled, secrets }: Watch, leaks: readonly string[], seconds: number): boolean {
  const seen = [...secrets, ...leaks];
  const told = [...wrong, ...hung.map((name) => `hung: ${name}`), ...unhandled.map((what) => `unhandled: ${what}`), ...seen];
  for (const each of told) console.log(each);
  const count = Object.values(faults).flat().length;
  const secretsSeen = seen.length + wrong.filter((each) => each.includes('SECRET')).length;
  console.log(`${count} faults of servers and ${storeFaults.length} of stores, ${size} cells, ${seconds} s`);
  console.log(`${wrong.length} wrong, ${hung.length} hung, ${unhandled.length} unhandled, ${secretsSeen} secrets seen`);
  return told.length === 0;
}

const filter = process.argv[2] ?? '';
const running = new Set<string>();
const began = performance.now();
await using elsewhere = await startElsewhere();
const watch = watchProcess(() => [...running].join(', '));
const chosen = (cells: readonly Cell[]): Cell[] => cells.filter(({ name }) => name.includes(filter));
const [ofServers, ofStores] = await Promise.all([
  runCells(chosen(serverCells(elsewhere)), atATime, running),
  runCells(chosen(storeCells(elsewhere)), atATimeWithStores, running),
]);
const report: Report = {
  size: ofServers.size + ofStores.size,
  wrong: [...ofServers.wrong, ...ofStores.wrong],
  hung: [...ofServers.hung, ...ofStores.hung],
};
watch[Symbol.dispose]();
console.log(describeFaults());
if (!summarize(report, watch, elsewhere.leaks, Math.round((performance.now() - began) / 1_000))) process.exitCode = 1;
