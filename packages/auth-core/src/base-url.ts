/** Whether credentials may travel there: over TLS, or in the clear without leaving the machine. */
export function isSecureOrigin(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3. The URL parser has already normalised every spelling of an address. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
