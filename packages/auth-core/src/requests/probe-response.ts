import type { ResponseProbe } from '../token-provider.ts';
import type { ReceivedHeaders } from './dispatch-types.ts';

/** A response's head, as `isRejection` looks at it first. A class: one is made for every response. */
export class HeadProbe implements ResponseProbe {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  /** The reason phrase. */
  readonly message: string | undefined;

  constructor(status: number, headers: ReceivedHeaders, message: string | undefined) {
    this.status = status;
    this.headers = headers;
    this.message = message;
  }

  header(name: string): string | undefined {
    return joined(this.headers[name]);
  }

  /** As `header` tells it; a name that is known when the code is compiled is looked up several times faster. */
  get contentType(): string | undefined {
    return joined(this.headers['content-type']);
  }

  get contentEncoding(): string | undefined {
    return joined(this.headers['content-encoding']);
  }
}

function joined(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** The head again, with what is known of the body. */
export function probeBody(head: ResponseProbe, body: string, complete: boolean): BodyProbe {
  return new BodyProbe(head, body, complete);
}

/** A class: one is made for every look into a body. */
class BodyProbe implements ResponseProbe {
  /** Whether the verdict may depend on more than the body. */
  askedForHeaders = false;
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
    this.askedForHeaders = true;
    return this.#head.header(name);
  }
}

/** Whether the response carries a body that may speak of the token: JSON, in an answer that can have a body. */
export function hasJsonBody(method: string, status: number, contentType: string | undefined): boolean {
  if (method === 'HEAD' || status === 204 || status === 205 || status === 304) return false;
  return contentType !== undefined && isJson(contentType);
}

function isJson(contentType: string): boolean {
  // As nearly every answer spells it.
  if (contentType === 'application/json' || contentType.startsWith('application/json;')) return true;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || type.endsWith('+json');
}

/** The announced length in bytes on the wire. */
export function announcedLength(head: ResponseProbe): number | undefined {
  const length = head.header('content-length');
  // What is no number never equals the length of what came.
  return length === undefined ? undefined : Number(length);
}
