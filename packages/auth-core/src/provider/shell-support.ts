import type { AuthError } from '../auth-error.ts';
import type { TokenProviderOptions } from '../lifecycle/options.ts';
import type { TokenProvider } from '../token-provider.ts';

/** A sentence in the languages of a vendor's customers; English is always there. */
export interface ShellTexts {
  /** English. */
  readonly en: string;
  /** Korean. */
  readonly ko?: string;
  /** Japanese. */
  readonly ja?: string;
  /** French. */
  readonly fr?: string;
}

/** An environment variable that an account is read from. */
export interface ShellVariable {
  /** Its name (`"ESIGNON_PASSWORD"`). */
  readonly name: string;
  /** Whether it can be left out. Default: false. */
  readonly isOptional?: boolean;
  /** Whether nobody may see it typed. Default: false. */
  readonly isSecret?: boolean;
}

/** What a failure means to the person who reads it, and what to do about it. */
export interface ShellAdvice {
  /** A short name of the cause, the same in every language (`"account-locked"`). */
  readonly cause: string;
  /** What it means. */
  readonly means: ShellTexts;
  /** What to do. */
  readonly todo: ShellTexts;
}

/** A step of a check that failed: the login, or the first protected call. */
export type ShellFailure =
  | { readonly step: 'login'; readonly error: AuthError }
  | { readonly step: 'call'; readonly status: number; readonly text: string; readonly isRejection: boolean };

/** The protected call by which a check sees that a token is accepted: a GET without effect. */
export interface ShellCall {
  /** Its path below the base URL (`"/api/v2/company"`). */
  readonly path: string;
  /** Another name that the vendor's documents give to the header that carries the token. It is tried where the token is rejected right after a login. */
  readonly otherHeader?: string;
  /** Whether a response with this status and body is a success. Default: a status from 200 to 299. */
  isSuccess?(status: number, text: string): boolean;
}

/** Options of {@link ShellSupport.startSandbox}. */
export interface ShellSandboxOptions {
  /** The port on 127.0.0.1. Default: 0 (any free port). */
  readonly port?: number;
  /** Whether a login revokes the older token of the same account. Default: false. */
  readonly singleSession?: boolean;
  /** Called after each exchange with the request without its secrets, and the HTTP status of the response, if there was one. */
  readonly onExchange?: (exchange: {
    readonly request: { readonly method: string; readonly path: string };
    readonly status?: number;
  }) => void;
}

/** A fault that can be named in a shell; see `Fault` of `@x/auth-core/testing`. */
export type ShellFault =
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly slow: number }
  | 'silent'
  | 'reset'
  | 'cut'
  | 'garbage'
  | 'oversize'
  | 'flood';

/** A running sandbox of a vendor. */
export interface ShellSandbox {
  /** The base URL. */
  readonly url: string;
  /** The environment variables of its account, the base URL among them. */
  readonly env: Readonly<Record<string, string>>;
  /** The number of login requests. */
  readonly logins: number;
  /** The requests without their secrets, oldest first; grows with each request. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** Revokes all tokens. */
  revoke(): void;
  /** Queues a fault for the next exchanges; `times` is how many fail. */
  fail(fault: ShellFault, options?: { readonly times?: number; readonly on?: 'login' | 'call' | 'any' }): void;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** What a provider package offers to the command `vendor-auth`: its entry point `./cli` exports it as `shellSupport`. */
export interface ShellSupport {
  /** The vendor, as the provider names it (`"esignon"`). */
  readonly name: string;
  /** The vendor, as people write it (`"eSignon"`). */
  readonly title: string;
  /** What an account is read from, in the order in which a person is asked. */
  readonly variables: readonly ShellVariable[];
  /** The first protected call of a check. */
  readonly firstCall: ShellCall;
  /**
   * Makes a provider of the account in an environment.
   *
   * @throws AuthError `CONFIG` if a variable is missing, misspelt or wrong.
   */
  createProvider(env: Readonly<Record<string, string | undefined>>, options?: TokenProviderOptions): TokenProvider;
  /** What a failure means at this vendor; undefined if that is the same at every vendor. */
  explain(failure: ShellFailure): ShellAdvice | undefined;
  /** Starts the vendor's sandbox, which is not loaded before. Rejects with the error of `listen` if the port is not available. */
  startSandbox(options?: ShellSandboxOptions): Promise<ShellSandbox>;
}
