/** A vendor's token. Immutable. Printing it (`inspect`, JSON, `String`, `%o`) shows neither `value` nor `extra`. */
export interface AccessToken {
  /** The credential itself, as the vendor handed it out. */
  readonly value: string;
  /** What stands before the value in `Authorization` (`"esignon"`); absent = the value stands alone. */
  readonly scheme?: string;
  /** What else the vendor wants with it, such as a CSRF token; as secret as `value`. */
  readonly extra?: Readonly<Record<string, string>>;
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
  /** What else the vendor wants with it; as secret as `value`. */
  extra?: Record<string, string>;
  /**
   * When it ends, in epoch milliseconds as the vendor's clock has it; absent = it has no end; `'unknown'` = it has an end
   * that the vendor does not tell (or tells unreadably, or already past).
   */
  expiresAt?: number | 'unknown';
}

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * What must not print. A class, where a frozen object would read simpler, because only a private field stays hidden from
 * `inspect(…, { showHidden: true })`, which is what `console.log('%o')` asks for.
 */
class Secrets {
  readonly #value: string;
  readonly #extra: Readonly<Record<string, string>> | undefined;

  constructor(value: string, extra: Readonly<Record<string, string>> | undefined) {
    this.#value = value;
    this.#extra = extra === undefined ? undefined : Object.freeze({ ...extra });
  }

  get value(): string {
    return this.#value;
  }

  /** Nothing changes. A logger that redacts `token.value` assigns to it before it prints, and gives it back afterwards. */
  set value(_mask: string) {}

  // The interface promises that it is absent or set; a getter cannot be absent.
  get extra(): Readonly<Record<string, string>> {
    return this.#extra as Readonly<Record<string, string>>;
  }

  set extra(_mask: Readonly<Record<string, string>>) {}
}

// With `{ showHidden: true, getters: true }` inspect calls the getters of three prototypes: those above stand on the fourth.
class InspectPaddingOuter extends Secrets {}
class InspectPaddingInner extends InspectPaddingOuter {}

class HiddenToken extends InspectPaddingInner implements AccessToken {
  declare readonly scheme?: string;
  readonly issuedAt: number;
  declare readonly expiresAt?: number;

  constructor(fields: TokenFields) {
    super(fields.value, fields.extra);
    if (fields.scheme !== undefined) this.scheme = fields.scheme;
    this.issuedAt = fields.issuedAt;
    if (fields.expiresAt !== undefined) this.expiresAt = fields.expiresAt;
    Object.freeze(this);
  }

  override toString(): string {
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

type TokenFields = { readonly [Field in keyof AccessToken]: AccessToken[Field] | undefined } & { value: string; issuedAt: number };

/** Makes an immutable {@link AccessToken} whose secrets do not print. */
export function createAccessToken(fields: TokenFields): AccessToken {
  return new HiddenToken(fields);
}

/**
 * The value of the `Authorization` header (RFC 9110, section 11.6.2) that carries the token: the scheme, one space and the value, or
 * the value alone where the vendor knows no scheme. It is a secret: do not log it.
 *
 * @throws TypeError for anything but a token, such as the promise of `getToken()` without its `await`.
 */
export function formatAuthorization(token: AccessToken): string {
  const { value, scheme }: Partial<AccessToken> = Object(token);
  if (typeof value !== 'string') throw new TypeError(`formatAuthorization: expected an AccessToken, not ${describe(token)}`);
  return scheme === undefined ? value : `${scheme} ${value}`;
}

function describe(given: unknown): string {
  const isPromise = typeof given === 'object' && given !== null && 'then' in given;
  return isPromise ? 'a promise: write `await provider.getToken()`' : given === null ? 'null' : typeof given;
}
