import type { ServerResponse } from 'node:http';

/** Why the proxy itself answers a request. The code is for programs, the message for people. Neither holds a secret. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Further headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Tells an answer of the proxy from one of the vendor: it holds the code. */
export const errorHeader = 'x-vendor-auth-error';

/** The answer of the proxy itself, as JSON. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { body, headers } = render(refusal);
  response.writeHead(refusal.status, headers);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The same for a connection on which there is no request to answer. */
export function rawRefusal(refusal: Refusal): string {
  const { body, headers } = render(refusal);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${refusal.status} Refused`, ...lines, '', body].join('\r\n');
}

function render({ code, message, headers }: Refusal): { body: string; headers: Record<string, string> } {
  const body = `${JSON.stringify({ error: { code, message } })}\n`;
  const length = String(Buffer.byteLength(body));
  return { body, headers: { 'content-type': 'application/json', 'content-length': length, [errorHeader]: code, ...headers } };
}
