import type { AccessToken, TokenProvider } from '@x/auth-core';

/** Finds the tokens in what the vendor answers, and puts asterisks in their place, so that no length changes. */
export interface TokenMask {
  /** To be called before a request is sent and when its answer begins: the token may be another one by then. */
  learn(): void;
  text(value: string): string;
  body(): BodyMask;
}

/** Masks a body that comes in pieces. */
export interface BodyMask {
  /** What can be handed on. The last bytes are kept back where a token may begin in them. */
  push(chunk: Buffer): Buffer;
  /** What was kept back. */
  end(): Buffer;
}

/** An answer may still show the token before the current one. */
const remembered = 4;

/** A shorter text is found by chance in many answers. A vendor's token is longer. */
const shortest = 8;

export function createTokenMask(provider: Pick<TokenProvider, 'peekToken'>): TokenMask {
  const known: AccessToken[] = [];
  let needles: readonly Buffer[] = [];
  return {
    learn() {
      const token = provider.peekToken();
      if (token === undefined || known.some(({ value }) => value === token.value)) return;
      known.push(token);
      if (known.length > remembered) known.shift();
      needles = known.flatMap(spellingsOf).map((spelling) => Buffer.from(spelling));
    },
    text: (value) => needles.reduce((text, needle) => text.replaceAll(needle.toString(), '*'.repeat(needle.length)), value),
    body: () => bodyMask(needles),
  };
}

/** As it is, percent-encoded as in a path or in a form, with digits of either case, and as some servers write a slash in JSON. */
function spellingsOf({ value, extra = {} }: AccessToken): string[] {
  const secrets = [value, ...Object.values(extra)].filter((secret) => secret.length >= shortest);
  const encoded = secrets.flatMap((secret) => [encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)]);
  const inSmallLetters = encoded.map((text) => text.replace(/%[\dA-F]{2}/g, (digits) => digits.toLowerCase()));
  return [...new Set([...secrets, ...encoded, ...inSmallLetters, ...secrets.map((secret) => secret.replaceAll('/', '\\/'))])];
}

function bodyMask(needles: readonly Buffer[]): BodyMask {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const data = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const masked = needles.reduce(maskOne, data);
      const from = masked.length - Math.max(0, ...needles.map((needle) => beginningAtEnd(masked, needle)));
      kept = masked.subarray(from);
      return masked.subarray(0, from);
    },
    end: () => kept,
  };
}

function maskOne(data: Buffer, needle: Buffer): Buffer {
  let masked = data;
  for (let at = data.indexOf(needle); at !== -1; at = data.indexOf(needle, at + needle.length)) {
    // A copy: the bytes are the connection's.
    if (masked === data) masked = Buffer.from(data);
    masked.fill('*', at, at + needle.length);
  }
  return masked;
}

/** How many of the last bytes are the beginning of the needle. */
function beginningAtEnd(data: Buffer, needle: Buffer): number {
  for (let length = Math.min(needle.length - 1, data.length); length > 0; length -= 1) {
    const start = data.length - length;
    if (data[start] === needle[0] && data.compare(needle, 0, length, start) === 0) return length;
  }
  return 0;
}
