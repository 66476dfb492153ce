import { expectationsOf } from './cell.ts';
import { type Fault, forVendor, type LoginExpectation } from './fault.ts';
import { storeFaults } from './faults/stores.ts';
import { faults } from './table.ts';
import { datacomsys, esignon, type Vendor } from './vendors.ts';

/** What is expected of each fault, as a table. */
export function describeFaults(): string {
  const rows = Object.entries(faults).flatMap(([kind, all]) => [[`${kind} (${all.length})`], ...all.map(rowOf)]);
  const storeRows = storeFaults.map(({ name, logins }) => [name, `a token, ${[logins].flat().join(' or ')} logins of two providers`]);
  return table([['fault', 'login', 'request'], ...rows, [`stores (${storeFaults.length})`], ...storeRows]);
}

function rowOf(fault: Fault): string[] {
  const calls = [esignon, datacomsys].map(({ name }) => forVendor(fault.call, name));
  return [fault.name, same([esignon, datacomsys].map((vendor) => loginsOf(fault, vendor))), same(calls)];
}

function same(both: readonly string[]): string {
  return [...new Set(both)].join(' / ');
}

function loginsOf(fault: Fault, vendor: Vendor): string {
  return expectationsOf(fault, vendor).map(inWords).join(' or ');
}

function inWords(expected: LoginExpectation): string {
  return `${'works' in expected ? 'token' : expected.code} in ${expected.exchanges}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
