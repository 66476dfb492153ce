import { type Fault, type Sandbox, type SandboxFailOptions, type SandboxOptions, startSandbox } from '@x/auth-core/testing';

import { type DatacomsysSandboxAccount, defaultAccount, indexAccounts } from './account.ts';
import { answerCall, type CreatedPlaisancier, type Refusal } from './calls.ts';
import { documentedFailures, envelope } from './envelope.ts';
import { answerLogin, isLogin } from './login.ts';

/** How the sandbox is set up. */
export interface DatacomsysSandboxOptions extends SandboxOptions {
  /** The accounts that it knows. Default: one, ready-made. */
  readonly accounts?: readonly DatacomsysSandboxAccount[];
  /** How it answers a refused token ([A]: either may happen). Default: `'status'`. */
  readonly refusal?: Refusal;
}

/** A sandbox that behaves as DataComSys' documents say. */
export interface DatacomsysSandbox extends Sandbox<DatacomsysSandboxAccount> {
  /** The boat owners that were created, oldest first. Live. */
  readonly plaisanciers: readonly CreatedPlaisancier[];
  /**
   * Spoils the next exchanges. Faults queue up: each exchange takes the oldest that fits it. `{ status: 401 }` and `{ status: 500 }` without
   * a `body` are answered in the vendor's own envelope and words.
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: SandboxFailOptions): void;
}

/**
 * Starts a sandbox of DataComSys on 127.0.0.1, under any path prefix: `POST /Auth/Login`, `GET /account` and `POST /plaisancier`. Tokens are
 * permanent [S]. Each login issues a new one, and the older ones stay good unless `singleSession` says otherwise [A].
 *
 * @throws RangeError if `accounts` is empty; the error of `listen` if the port cannot be had.
 */
export async function startDatacomsysSandbox(options: DatacomsysSandboxOptions = {}): Promise<DatacomsysSandbox> {
  const { accounts = [defaultAccount()], refusal = 'status' } = options;
  const find = indexAccounts(accounts);
  const plaisanciers: CreatedPlaisancier[] = [];
  const sandbox = await startSandbox<DatacomsysSandboxAccount>(
    {
      accounts,
      secretFields: ['password', 'token'],
      isLogin,
      answer: (request, tokens) =>
        isLogin(request)
          ? answerLogin(request, { find, tokens })
          : answerCall(request, { owner: (token) => tokens.owner(token), plaisanciers, refusal }),
    },
    options,
  );
  const fail = sandbox.fail.bind(sandbox);
  return Object.assign(sandbox, {
    plaisanciers,
    fail: (fault: Fault, failOptions?: SandboxFailOptions) => fail(inVendorsWords(fault), failOptions),
  });
}

function inVendorsWords(fault: Fault): Fault {
  if (typeof fault === 'string' || 'redirect' in fault || !('status' in fault) || fault.body !== undefined) return fault;
  const { status } = fault;
  return status === 401 || status === 500 ? { ...fault, body: envelope(status, documentedFailures[status]).json } : fault;
}
