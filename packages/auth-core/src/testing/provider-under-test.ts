import type { TokenProviderOptions } from '../lifecycle/options.ts';
import type { TokenProvider } from '../token-provider.ts';
import type { Fault } from './fault.ts';
import type { Sandbox } from './sandbox.ts';

/** An account of a sandbox: its password can be changed. */
export interface SandboxAccount {
  /** What a login is judged by; it may be changed. */
  password: string;
}

/** Who logs in, and where. */
export interface ContractLogin<Account extends SandboxAccount = SandboxAccount> {
  /** Where the sandbox is. */
  readonly baseUrl: string;
  /** Whose login it is. */
  readonly account: Account;
  /** What to log in with; in place of the account's own. */
  readonly password: string | (() => string | Promise<string>);
}

/** The provider under test. */
export interface ProviderUnderTest<Account extends SandboxAccount = SandboxAccount> {
  /** What the provider's `name` must be. */
  readonly name: string;
  /** Starts the vendor's sandbox with one account or more. */
  startSandbox(): Promise<Sandbox<Account>>;
  /** Makes a provider. `options` are to be handed on as they are. */
  create(login: ContractLogin<Account>, options: TokenProviderOptions): TokenProvider;
  /** The path of a protected resource that the sandbox has: `GET` answers 200 to a good token. */
  readonly resource: string;
  /** Answers of a protected call that say no, but not to the token: the vendor's own domain errors. */
  readonly otherErrors?: readonly Fault[];
}
