/** A token as a login brings it. */
export interface LoggedIn {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** How a contender comes to a token. */
export interface Vendor {
  /** A login that is not OAuth, as the vendors of these packages have it, for a library that can be given one. */
  readonly login: () => Promise<LoggedIn>;
  /** Where the vendor is. */
  readonly url: string;
  /** A token endpoint of OAuth 2 (client credentials), for a library that knows nothing else. */
  readonly tokenUrl: string;
  /** A token to begin with, for a library that knows no login but OAuth's. */
  readonly first?: LoggedIn;
}

/** What a user of a library has in hand. */
export interface Client {
  /** The library's own read of a token; absent where it has none. */
  readonly getToken?: () => Promise<unknown>;
  /** A GET with the token, repeated where the library does that. Its HTTP status; the body is read. */
  readonly call: (url: string) => Promise<number>;
}

export interface Peer {
  /** As in the tables. */
  readonly name: string;
  readonly open: (vendor: Vendor) => Client;
}

/** What each contender calls. Ours is eSignon's provider there, and so the answers are eSignon's. */
export const callPath = '/api/v2/company';

/** The vendor at a URL, as each of them can use it. */
export function vendorAt(url: string): Vendor {
  return {
    url,
    tokenUrl: `${url}/token`,
    async login() {
      const response = await fetch(`${url}/login`, { method: 'POST' });
      if (!response.ok) throw new Error(`the login was answered with HTTP ${response.status}`);
      return (await response.json()) as LoggedIn; // the bench's own vendor sends nothing else
    },
  };
}

/** A GET by Node's fetch, its body read. */
export async function get(url: string, authorization: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization } });
  await response.arrayBuffer();
  return response.status;
}
