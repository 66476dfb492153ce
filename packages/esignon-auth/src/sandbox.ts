import { type Fault, type Sandbox, type SandboxFailOptions, type SandboxOptions, startSandbox } from '@x/auth-core/testing';

import {
  answerCall,
  answerLogin,
  callResult,
  companyOf,
  type EsignonSandboxAccount,
  type EsignonState,
  formatInstant,
  koreanOffset,
  loginResult,
  type StartedWorkflow,
} from './sandbox-answers.ts';

export type { EsignonSandboxAccount, StartedWorkflow } from './sandbox-answers.ts';

/** Options of {@link startEsignonSandbox}. */
export interface EsignonSandboxOptions extends SandboxOptions {
  /** The accounts of the sandbox. Default: one account with fixed values. */
  readonly accounts?: readonly EsignonSandboxAccount[];
  /** The `expire_date` of a login. Default: 30 days ahead, in the form `2020-01-31 04:23:28.0`, Korean time [A]. */
  readonly expireDate?: SandboxExpireDate;
}

/** A value for `expire_date`, or a function of the vendor's clock (epoch milliseconds); undefined leaves the field out. */
export type SandboxExpireDate = string | number | ((now: number) => unknown);

/** A {@link Fault}, or a result that eSignon returns with HTTP 200. */
export type EsignonFault =
  | Fault
  | {
      /** The `header.result_code`. */
      readonly result: string;
      /** The `header.result_msg`. Default: the vendor's message for that code, in the requested language. */
      readonly message?: string;
    };

/** A running sandbox of eSignon. */
export interface EsignonSandbox extends Sandbox<EsignonSandboxAccount> {
  /** The workflows that were started, oldest first; grows with each one. */
  readonly workflows: readonly StartedWorkflow[];
  /**
   * Queues a fault for the next exchanges. Each exchange uses the oldest fault that fits it.
   *
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: EsignonFault, options?: SandboxFailOptions): void;
}

/** How long a token is valid: 30 days, in milliseconds [V]. */
const tokenLifetime = 30 * 24 * 60 * 60 * 1000;

/**
 * Starts a sandbox of eSignon on 127.0.0.1: `POST /api/{companyId}/login` [S], `GET /api/v2/company` and `POST /api/v3/workflows/start` [V], below
 * `basePath` if that is set. A token is valid for 30 days [V] by the sandbox's clock, whatever `expireDate` is.
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known; RangeError if `accounts` is empty; the error of `listen` if the port is not available.
 */
export async function startEsignonSandbox(options: EsignonSandboxOptions = {}): Promise<EsignonSandbox> {
  const { accounts = [defaultAccount()], expireDate, ...others } = options;
  const { now = Date.now } = others;
  const workflows: StartedWorkflow[] = [];
  const state: EsignonState = { find: indexAccounts(accounts), workflows, expireDate: () => expireDateAt(now(), expireDate) };
  const sandbox = await startSandbox<EsignonSandboxAccount>(
    {
      accounts,
      lifetime: tokenLifetime,
      secretFields: ['memb_pwd', 'access_token'],
      scheme: 'esignon',
      isLogin: (request) => companyOf(request) !== undefined,
      answer(request, tokens) {
        const companyId = companyOf(request);
        return companyId === undefined ? answerCall(request, tokens, state) : answerLogin(request, companyId, tokens, state);
      },
    },
    others,
  );
  const fail = sandbox.fail.bind(sandbox);
  return Object.assign(sandbox, {
    workflows,
    fail: (fault: EsignonFault, failOptions?: SandboxFailOptions) => fail(asFault(fault), failOptions),
  });
}

function defaultAccount(): EsignonSandboxAccount {
  return { companyId: 'sandbox', email: 'api@esignon.example', password: 'sandbox-password' };
}

/** Finds an account by company and e-mail address in constant time: tests use thousands of accounts. */
function indexAccounts(accounts: readonly EsignonSandboxAccount[]): EsignonState['find'] {
  const key = (companyId: string, email: string): string => JSON.stringify([companyId, email]);
  const index = new Map(accounts.map((account) => [key(account.companyId, account.email), account]));
  return (companyId, email) => index.get(key(companyId, email));
}

function expireDateAt(now: number, expireDate: SandboxExpireDate = (at) => formatInstant(at + tokenLifetime, koreanOffset)): unknown {
  return typeof expireDate === 'function' ? expireDate(now) : expireDate;
}

function asFault(fault: EsignonFault): Fault {
  if (typeof fault === 'string' || !('result' in fault)) return fault;
  const { result, message } = fault;
  return { answer: (request) => (companyOf(request) === undefined ? callResult : loginResult)(request, result, {}, message) };
}
