import * as v from 'valibot';

export const plainHttp = 'plain http is refused except on loopback: secrets would travel in the clear (allowInsecure permits it)';

/**
 * The valibot schema of a `baseUrl` option: an http(s) URL with or without a path prefix, without user name, password, query and fragment. Plain http
 * is allowed on loopback, elsewhere only with `allowInsecure`. The output is normalised and has no slash at the end, so that it can be part of an
 * account's identity.
 */
export function baseUrlSchema(allowInsecure: boolean): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.check((text) => isHttpUrl(text), 'expected an absolute URL, like https://api.example.com'),
    v.check((text) => !isHttpUrl(text) || isBare(new URL(text)), 'expected a URL without user name, password, query and fragment'),
    v.check((text) => allowInsecure || !isHttpUrl(text) || isSecureOrigin(new URL(text)), plainHttp),
    v.transform((text) => (isHttpUrl(text) ? normalise(text) : text)),
  );
}

/** What is normal already stays the same text: thousands of accounts may share it. */
function normalise(text: string): string {
  const { href } = new URL(text);
  return href === `${text}/` ? text : href.replace(/\/+$/, '');
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isBare(url: URL): boolean {
  return (
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !url.href.endsWith('?') && !url.href.endsWith('#')
  );
}

/**
 * The URL of a path below a base URL, whose own path is kept: `''` is the base itself, `'?a=1'` the base with a query. Undefined for what leads out of it,
 * names another scheme, or holds a control character, which the URL parser would skip. Checked after the join, since the parser resolves every spelling
 * of `..`, and once more with the slashes decoded, as some servers do before they resolve the dots.
 */
export function joinBelow(baseUrl: string, path: string): string | undefined {
  if (/^ *(?:[a-z][a-z\d+.-]*:|\/\/)|[\\\p{Cc}]/iu.test(path)) return undefined;
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/, '');
  const join = (rest: string): URL => new URL(`${origin}${prefix}${rest === '' || /^[/?#]/.test(rest) ? '' : '/'}${rest}`);
  const isBelow = (url: URL): boolean => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`);
  const url = join(path);
  return isBelow(url) && isBelow(join(path.replaceAll(/%2f|%5c/gi, '/'))) ? url.href : undefined;
}

/** Whether credentials may travel there: over TLS, or unencrypted on loopback. */
export function isSecureOrigin(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3. The URL parser has already normalised every spelling of an address. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
