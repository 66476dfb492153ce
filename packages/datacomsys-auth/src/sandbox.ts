import { type Fault, type Sandbox, type SandboxFailOptions, type SandboxOptions, startSandbox } from '@x/auth-core/testing';

import {
  answerCall,
  answerLogin,
  type DatacomsysSandboxAccount,
  type DatacomsysState,
  documentedFailures,
  envelope,
  isLogin,
  type Plaisancier,
  type Rejection,
  respell,
  type StatusSpelling,
} from './sandbox-answers.ts';

export type { DatacomsysSandboxAccount, Plaisancier, Rejection, StatusSpelling } from './sandbox-answers.ts';

/** Options of {@link startDatacomsysSandbox}. */
export interface DatacomsysSandboxOptions extends SandboxOptions {
  /** The accounts of the sandbox. Default: one account with fixed values. */
  readonly accounts?: readonly DatacomsysSandboxAccount[];
  /** How a token is rejected ([A]: the vendor may do either). Default: `'status'`. */
  readonly rejection?: Rejection;
  /** How the envelope spells its status. Default: `'status'`. */
  readonly statusSpelling?: StatusSpelling;
}

/** A running sandbox of DataComSys. */
export interface DatacomsysSandbox extends Sandbox<DatacomsysSandboxAccount> {
  /** The boat owners that were created, oldest first; grows with each one. */
  readonly plaisanciers: readonly Plaisancier[];
  /**
   * Queues a fault for the next exchanges. Each exchange uses the oldest fault that fits it. `{ status: 401 }` and `{ status: 500 }` without
   * a `body` get the vendor's envelope and message.
   *
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: SandboxFailOptions): void;
}

/** The vendor gives a base URL to each integrator [V]; that it has a path is [A], and shows a call that leaves it. */
const defaultBasePath = '/logapass';

/**
 * Starts a sandbox of DataComSys on 127.0.0.1: `POST /Auth/Login` [S], `GET /account` and `POST /plaisancier` [V], below `basePath` (default: `/logapass`).
 * Tokens are permanent [S]. Each login issues a new one; the older ones stay valid unless `singleSession` is set [A].
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known; RangeError if `accounts` is empty; the error of `listen` if the port is not available.
 */
export async function startDatacomsysSandbox(options: DatacomsysSandboxOptions = {}): Promise<DatacomsysSandbox> {
  const { accounts = [defaultAccount()], rejection = 'status', statusSpelling = 'status', ...others } = options;
  const plaisanciers: Plaisancier[] = [];
  const state: DatacomsysState = { find: indexAccounts(accounts), plaisanciers, rejection };
  const sandbox = await startSandbox<DatacomsysSandboxAccount>(
    {
      accounts,
      secretFields: ['password', 'token'],
      isLogin,
      answer: (request, tokens) => respell((isLogin(request) ? answerLogin : answerCall)(request, tokens, state), statusSpelling),
    },
    { ...others, basePath: others.basePath ?? defaultBasePath },
  );
  const fail = sandbox.fail.bind(sandbox);
  return Object.assign(sandbox, {
    plaisanciers,
    fail: (fault: Fault, failOptions?: SandboxFailOptions) => fail(withEnvelope(fault), failOptions),
  });
}

function defaultAccount(): DatacomsysSandboxAccount {
  return { codePort: 'MTP', idERP: 15, password: 'sandbox-password', portName: 'Port de Montpellier' };
}

/** Finds an account by port and ERP in constant time: tests use thousands of accounts. */
function indexAccounts(accounts: readonly DatacomsysSandboxAccount[]): DatacomsysState['find'] {
  const key = (codePort: string, idERP: number): string => JSON.stringify([codePort, idERP]);
  const index = new Map(accounts.map((account) => [key(account.codePort, account.idERP), account]));
  return (codePort, idERP) => index.get(key(codePort, idERP));
}

function withEnvelope(fault: Fault): Fault {
  if (typeof fault === 'string' || 'redirect' in fault || !('status' in fault) || fault.body !== undefined) return fault;
  const { status } = fault;
  return status === 401 || status === 500 ? { ...fault, body: envelope(status, documentedFailures[status]).json } : fault;
}
