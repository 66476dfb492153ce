const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token that nobody signed: one of the libraries reads the end of a token from there. `id` makes it another than the last. */
export function unsignedJwt(id: string, expiresAt: number): string {
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ jti: id, exp: Math.floor(expiresAt / 1_000) })}.${encode('not signed')}`;
}
