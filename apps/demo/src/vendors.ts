import type { Clock, TokenProvider } from '@x/auth-core';
import type { Sandbox } from '@x/auth-core/testing';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';

import { connectDatacomsys } from './datacomsys.ts';
import { connectEsignon } from './esignon.ts';

/** A vendor's sandbox, and what the steps do with it. */
export interface Vendor {
  readonly label: string;
  /** The protected call: `"GET /account"`. */
  readonly call: string;
  readonly sandbox: Sandbox<{ readonly password: string }>;
  readonly clock: SteppedClock;
  /** What most steps use. */
  readonly connection: Connection;
  /** Another provider for the same account, without a token. */
  readonly connect: (password: () => string) => Connection;
  /** The same with a password that is wrong until it is corrected. */
  readonly mistyped: Connection & { readonly correct: () => void };
}

interface Connection {
  readonly provider: TokenProvider;
  /** Makes the protected call, and returns the name that it answers with. */
  readonly askName: () => Promise<string>;
}

interface SteppedClock extends Clock {
  step(milliseconds: number): void;
}

/** Both vendors, on this machine. */
export async function openVendors(): Promise<readonly Vendor[]> {
  return Promise.all([openEsignon(), openDatacomsys()]);
}

async function openEsignon(): Promise<Vendor> {
  const clock = createSteppedClock();
  // Its tokens last an hour, so that their end can be shown.
  const sandbox = await startEsignonSandbox({ now: () => clock.now(), expireDate: (now) => now + 3_600_000 });
  const [{ companyId, email }] = sandbox.accounts;
  const connect = (password: () => string): Connection => connectEsignon({ companyId, email, password, baseUrl: sandbox.url, clock });
  return { label: 'eSignon', call: 'GET /api/v2/company', sandbox, clock, ...connectionsOf(sandbox, connect) };
}

async function openDatacomsys(): Promise<Vendor> {
  const clock = createSteppedClock();
  const sandbox = await startDatacomsysSandbox({ now: () => clock.now() });
  const [{ codePort, idERP }] = sandbox.accounts;
  const connect = (password: () => string): Connection => connectDatacomsys({ codePort, idERP, password, baseUrl: sandbox.url, clock });
  return { label: 'DataComSys', call: 'GET /account', sandbox, clock, ...connectionsOf(sandbox, connect) };
}

function connectionsOf(
  { accounts: [{ password: right }] }: Vendor['sandbox'],
  connect: Vendor['connect'],
): Pick<Vendor, 'connect' | 'connection' | 'mistyped'> {
  let typed = 'not-the-password';
  const correct = (): void => {
    typed = right;
  };
  return { connect, connection: connect(() => right), mistyped: { ...connect(() => typed), correct } };
}

function createSteppedClock(): SteppedClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    step: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
