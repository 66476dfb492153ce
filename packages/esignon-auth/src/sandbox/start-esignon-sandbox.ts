import { type Fault, type Sandbox, type SandboxFailOptions, type SandboxOptions, startSandbox } from '@x/auth-core/testing';

import { defaultAccount, type EsignonSandboxAccount, indexAccounts } from './account.ts';
import { answerCall, callResult, type StartedWorkflow } from './calls.ts';
import { formatExpireDate, type SandboxExpireDate, tokenLifetime } from './expire-date.ts';
import { answerLogin, companyOf, loginResult } from './login.ts';

/** How the sandbox is set up. */
export interface EsignonSandboxOptions extends SandboxOptions {
  /** The accounts that it knows. Default: one, ready-made. */
  readonly accounts?: readonly EsignonSandboxAccount[];
  /** What a login's `expire_date` says. Default: 30 days ahead, as `2020-01-31 04:23:28.0` in Korean time. */
  readonly expireDate?: SandboxExpireDate;
}

/** A fault of the network, or a result that eSignon answers inside HTTP 200. */
export type EsignonFault =
  | Fault
  | {
      /** `header.result_code`. */
      readonly result: string;
      /** `header.result_msg`. Default: the vendor's own sentence for that code, in the language asked for. */
      readonly message?: string;
    };

/** A sandbox that behaves as eSignon's documents say. */
export interface EsignonSandbox extends Sandbox<EsignonSandboxAccount> {
  /** The workflows that were started, oldest first. Live. */
  readonly workflows: readonly StartedWorkflow[];
  /**
   * Spoils the next exchanges. Faults queue up: each exchange takes the oldest that fits it.
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: EsignonFault, options?: SandboxFailOptions): void;
}

/**
 * Starts a sandbox of eSignon on 127.0.0.1, under any path prefix: `POST /api/{companyId}/login` [S], `GET /api/v2/company` and
 * `POST /api/v3/workflows/start` [V]. A token is taken for 30 days [V] by the sandbox's clock, whatever `expireDate` makes it say.
 *
 * @throws RangeError if `accounts` is empty; the error of `listen` if the port cannot be had.
 */
export async function startEsignonSandbox(options: EsignonSandboxOptions = {}): Promise<EsignonSandbox> {
  const { accounts = [defaultAccount()], now = Date.now } = options;
  const find = indexAccounts(accounts);
  const workflows: StartedWorkflow[] = [];
  const sandbox = await startSandbox<EsignonSandboxAccount>(
    {
      accounts,
      lifetime: tokenLifetime,
      secretFields: ['memb_pwd', 'access_token'],
      scheme: 'esignon',
      isLogin: (request) => companyOf(request) !== undefined,
      answer(request, tokens) {
        const companyId = companyOf(request);
        if (companyId === undefined) return answerCall(request, { owner: (token) => tokens.owner(token), workflows });
        return answerLogin(request, companyId, {
          find,
          tokens,
          expireDate: () => expireDateAt(now(), options.expireDate),
        });
      },
    },
    options,
  );
  const fail = sandbox.fail.bind(sandbox);
  return Object.assign(sandbox, {
    workflows,
    fail: (fault: EsignonFault, failOptions?: SandboxFailOptions) => fail(networkFault(fault), failOptions),
  });
}

function expireDateAt(now: number, expireDate: SandboxExpireDate = (at) => formatExpireDate(at + tokenLifetime)): unknown {
  return typeof expireDate === 'function' ? expireDate(now) : expireDate;
}

function networkFault(fault: EsignonFault): Fault {
  if (typeof fault === 'string' || !('result' in fault)) return fault;
  const { result, message } = fault;
  return {
    answer: (request) => (companyOf(request) === undefined ? callResult : loginResult)(request, result, {}, message),
  };
}
