/** Where the vendor's API is, and where the proxy is, to the caller of one request. */
export interface Places {
  /** The URL that was asked for at the vendor. */
  readonly asked: string;
  /** The provider's base URL. */
  readonly base: string;
  /** The origin by which the caller called the proxy. */
  readonly proxy: string;
}

/**
 * The `location` of an answer as the caller has to follow it. What lies below the vendor's base URL is at the proxy; everything else is at its own place, as a whole URL.
 */
export function rewriteLocation(location: string, { asked, base, proxy }: Places): string {
  if (!URL.canParse(location, asked)) return location;
  const url = new URL(location, asked);
  const { origin, pathname } = new URL(base);
  const prefix = pathname.replace(/\/$/, '');
  const isBelow = url.origin === origin && url.username === '' && url.password === '' && `${url.pathname}/`.startsWith(`${prefix}/`);
  if (!isBelow) return URL.canParse(location) ? location : url.href;
  const path = url.pathname.slice(prefix.length);
  return `${proxy}${path === '' ? '/' : path}${url.search}${url.hash}`;
}
