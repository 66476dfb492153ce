/** What undici's redirect handlers list: every URL that a request was sent to, the first one included. */
export type Visited = readonly unknown[] | undefined;

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

export function wasRedirected(visited: Visited): boolean {
  return visited !== undefined && visited.length > 1;
}

/** Whether a redirected request carried the token to its end: redirect handlers drop it where the origin changes, and be it in spelling. */
export function stayedAt(origin: string | URL | undefined, visited: Visited): boolean {
  return visited?.every((url) => url instanceof URL && url.origin === origin) ?? true;
}

/** Whether a redirected request may be made again from its start, where whoever redirected it has carried it out already. */
export function mayRestart(method: string): boolean {
  return safeMethods.includes(method.toUpperCase());
}
