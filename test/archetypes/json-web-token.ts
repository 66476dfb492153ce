import type { Sandbox } from '@x/auth-core/testing';

/** A JSON Web Token with an issued token in the place of its signature. `end`: epoch milliseconds. */
export function toJwt(token: string, end: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(end / 1000) })}.${token}`;
}

/** The issued token in a JSON Web Token. */
export function fromJwt(jwt: string): string {
  return jwt.split('.')[2] ?? '';
}

/** A sandbox whose tokens are handed out as JSON Web Tokens, and revoked as such. */
export function withJwt<Account>(sandbox: Sandbox<Account>): Sandbox<Account> {
  const revoke = sandbox.revoke.bind(sandbox);
  return Object.assign(sandbox, { revoke: (jwt?: string) => revoke(jwt === undefined ? jwt : fromJwt(jwt)) });
}
