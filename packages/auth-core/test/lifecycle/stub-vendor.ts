import { AuthError, type AccessTokenInit, type AuthErrorCode, type LoginContext, type VendorProtocol } from '@x/auth-core';

/** A vendor without a network, whose every login a test can hold up, fail or look at. */
export interface StubVendor {
  readonly protocol: VendorProtocol;
  /** How many logins were begun. */
  readonly logins: number;
  /** The most that were under way at once. */
  readonly mostAtOnce: number;
  readonly contexts: LoginContext[];
  /** What the next logins do, in turn; after the last one they succeed. */
  readonly script: (() => AccessTokenInit | Promise<AccessTokenInit>)[];
}

export interface StubVendorOptions {
  /** Milliseconds; null = the tokens have no end. Default an hour. */
  lifetime?: number | null;
  now: () => number;
  secret?: () => string | Promise<string>;
  /** What a login does when nothing is scripted. */
  otherwise?: (issue: () => AccessTokenInit) => AccessTokenInit | Promise<AccessTokenInit>;
}

export function stubVendor(options: StubVendorOptions): StubVendor {
  const { lifetime = 3_600_000, now, secret, otherwise = (issue) => issue() } = options;
  const contexts: LoginContext[] = [];
  const script: StubVendor['script'] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const issue = (): AccessTokenInit => ({
    value: `token-${contexts.length}`,
    ...(lifetime === null ? {} : { expiresAt: now() + lifetime }),
  });
  return {
    protocol: {
      name: 'stub',
      baseUrl: 'https://api.example.com',
      identity: ['account'],
      ...(secret === undefined ? {} : { secret }),
      async login(context) {
        contexts.push(context);
        underWay += 1;
        mostAtOnce = Math.max(mostAtOnce, underWay);
        try {
          return await (script.shift() ?? (() => otherwise(issue)))();
        } finally {
          underWay -= 1;
        }
      },
      isRejection: (probe) => probe.status === 401,
    },
    get logins() {
      return contexts.length;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    contexts,
    script,
  };
}

export function fails(code: AuthErrorCode, more: { retryable?: boolean; retryAfter?: number; vendorCode?: string } = {}): () => never {
  return () => {
    throw new AuthError({ code, provider: 'stub', message: `stub: ${code}`, ...more });
  };
}

export const unavailable: () => never = fails('VENDOR_ERROR', { retryable: true });
