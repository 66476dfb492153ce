/** One login request: a POST of JSON. */
export interface LoginRequest {
  /** The provider's name, for errors. */
  readonly provider: string;
  /** Where to. Its query does not show in errors. */
  readonly url: URL;
  /** Sent as JSON. */
  readonly body: unknown;
  /** Further headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What must show up in no error: the password. */
  readonly secrets: readonly string[];
}

/** An answer as it came, not judged yet. */
export interface LoginResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** The whole body. */
  readonly text: string;
  /** Milliseconds that a `Retry-After` header asks for. */
  readonly retryAfter?: number;
}
