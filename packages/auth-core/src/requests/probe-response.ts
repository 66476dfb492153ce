import type { ResponseProbe } from '../token-provider.ts';
import type { ReceivedHeaders } from './dispatch-types.ts';

type HeaderValues = ReceivedHeaders;

/** A response's head, as `isRejection` looks at it first. A class: one is made for every response. */
export class HeadProbe implements ResponseProbe {
  readonly status: number;
  readonly headers: HeaderValues;
  /** The reason phrase. */
  readonly message: string | undefined;

  constructor(status: number, headers: HeaderValues, message: string | undefined) {
    this.status = status;
    this.headers = headers;
    this.message = message;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  }
}

/** The head again, with what is known of the body. */
export function probeBody(head: ResponseProbe, body: string, complete: boolean): ResponseProbe {
  return new BodyProbe(head, body, complete);
}

/** A class: one is made for every look into a body. */
class BodyProbe implements ResponseProbe {
  readonly status: number;
  readonly body: string;
  readonly complete: boolean;
  readonly #head: ResponseProbe;

  constructor(head: ResponseProbe, body: string, complete: boolean) {
    this.status = head.status;
    this.body = body;
    this.complete = complete;
    this.#head = head;
  }

  header(name: string): string | undefined {
    return this.#head.header(name);
  }
}

/** Whether the response carries a body that may speak of the token: JSON, in an answer that can have a body. */
export function hasJsonBody(head: ResponseProbe, method: string): boolean {
  if (method === 'HEAD' || head.status === 204 || head.status === 205 || head.status === 304) return false;
  const type = head.header('content-type');
  return type === 'application/json' || (type !== undefined && isJson(type));
}

function isJson(contentType: string): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || type.endsWith('+json');
}

/** The announced length in bytes on the wire. */
export function announcedLength(head: ResponseProbe): number | undefined {
  const length = head.header('content-length');
  // What is no number never equals the length of what came.
  return length === undefined ? undefined : Number(length);
}
