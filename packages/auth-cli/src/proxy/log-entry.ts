/** What one request came to. It holds no secret: no header and no query, which may have a caller's own. */
export interface ProxyLogEntry {
  readonly method: string;
  readonly path: string;
  /** The status that the caller got; absent if it left before. */
  readonly status?: number;
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** Why the proxy itself answered, or broke the answer off. */
  readonly code?: string;
}
