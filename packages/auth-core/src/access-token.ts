/**
 * A vendor's token. Immutable. Printing it (`inspect`, JSON, `String`, `%o`) never shows `value`.
 */
export interface AccessToken {
  /** The credential itself, as the vendor handed it out. */
  readonly value: string;
  /** What stands before the value in `Authorization` (`"esignon"`); absent = the value stands alone. */
  readonly scheme?: string;
  /** When it was issued: epoch milliseconds of the local clock. */
  readonly issuedAt: number;
  /** When it ends: epoch milliseconds of the local clock; absent = it has no end. */
  readonly expiresAt?: number;
}

/** What a login brings back: the raw material of an {@link AccessToken}. */
export interface AccessTokenInit {
  /** The credential itself; never empty. */
  value: string;
  /** What stands before the value in `Authorization`; absent = the value stands alone. */
  scheme?: string;
  /**
   * When it ends, in epoch milliseconds as the vendor's clock has it; absent = it has no end; `'unknown'` = it has an end
   * that the vendor does not tell (or tells unreadably, or already past).
   */
  expiresAt?: number | 'unknown';
}

/** What makes an {@link AccessToken}: its public fields. */
export interface AccessTokenFields {
  value: string;
  scheme?: string | undefined;
  issuedAt: number;
  expiresAt?: number | undefined;
}

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A class, where a frozen object would read simpler, for one reason: only a private field stays hidden from
 * `inspect(…, { showHidden: true })`, which is what `console.log('%o')` asks for.
 */
class HiddenToken implements AccessToken {
  readonly #value: string;
  declare readonly scheme?: string;
  readonly issuedAt: number;
  declare readonly expiresAt?: number;

  constructor(fields: AccessTokenFields) {
    this.#value = fields.value;
    if (fields.scheme !== undefined) this.scheme = fields.scheme;
    this.issuedAt = fields.issuedAt;
    if (fields.expiresAt !== undefined) this.expiresAt = fields.expiresAt;
    Object.freeze(this);
  }

  get value(): string {
    return this.#value;
  }

  toString(): string {
    const end = this.expiresAt === undefined ? 'no end' : `ends ${printInstant(this.expiresAt)}`;
    return `AccessToken(${this.scheme ?? 'no scheme'}, ${end}, value hidden)`;
  }

  [inspect](): string {
    return this.toString();
  }
}

function printInstant(instant: number): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant) : date.toISOString();
}

/** Makes an immutable {@link AccessToken} whose value does not print. */
export function createAccessToken(fields: AccessTokenFields): AccessToken {
  return new HiddenToken(fields);
}

/**
 * The value of the `Authorization` header (RFC 9110, section 11.6.2) that carries the token: the scheme, one space and the value, or
 * the value alone where the vendor knows no scheme. It is a secret: do not log it.
 */
export function formatAuthorization(token: AccessToken): string {
  return token.scheme === undefined ? token.value : `${token.scheme} ${token.value}`;
}
