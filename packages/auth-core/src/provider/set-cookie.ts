/** A cookie of a `Set-Cookie` header. */
interface SetCookie {
  readonly value: string;
  readonly isExpired: boolean;
}

/**
 * The value of a cookie in the `Set-Cookie` headers of one response, read as RFC 6265, section 5.2 says, without quotes around it. Of several cookies of
 * this name for the same path and domain the last one counts. Undefined for one that has expired: so servers delete a cookie.
 *
 * @param now The vendor's time in epoch milliseconds.
 */
export function findCookie(headers: readonly string[], name: string, now: number): string | undefined {
  const found = new Map<string, SetCookie>();
  for (const header of headers) {
    const [pair = '', ...attributes] = header.split(';');
    const [given, value] = splitAtEquals(pair);
    if (given !== name || value === undefined) continue;
    const known = new Map(attributes.map((attribute) => splitAtEquals(attribute)).map(([key, text]) => [key.toLowerCase(), text ?? '']));
    const place = JSON.stringify([known.get('domain'), known.get('path')]);
    // Taken out first: the order is that of the latest Set-Cookie of each place.
    found.delete(place);
    found.set(place, { value: unquote(value), isExpired: hasExpired(known.get('max-age'), known.get('expires'), now) });
  }
  return [...found.values()].findLast(({ isExpired }) => !isExpired)?.value;
}

function splitAtEquals(text: string): [name: string, value: string | undefined] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text.trim(), undefined] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

function unquote(value: string): string {
  return /^"(.*)"$/s.exec(value)?.[1] ?? value;
}

/** `Max-Age` wins over `Expires`; what cannot be read counts as absent. */
function hasExpired(maxAge: string | undefined, expires: string | undefined, now: number): boolean {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  return Date.parse(expires ?? '') <= now;
}
