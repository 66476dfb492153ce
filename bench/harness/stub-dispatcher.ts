import { gzipSync } from 'node:zlib';

import { Dispatcher } from 'undici';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly rawHeaders: Buffer[];
}

/** What is answered: the same each time, or what a function makes of each request. */
export type StubAnswer = unknown;

/**
 * Answers every request to an origin with the same JSON, in the event loop's next turn, as a connection would. It looks up the origin and reads the
 * path and the headers, as an Agent does: what a request costs anyway must not be counted as the interceptor's.
 */
export class StubDispatcher extends Dispatcher {
  readonly #answers: ReadonlyMap<string, () => Answer>;

  constructor(origin: string, json: StubAnswer, { gzip = false }: { readonly gzip?: boolean } = {}) {
    super();
    const fixed = typeof json === 'function' ? undefined : answerWith(json, gzip);
    const make = (): Answer => fixed ?? answerWith((json as () => unknown)(), gzip); // every function that is given is one without parameters
    this.#answers = new Map([[origin, make]]);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const answer = this.#answers.get(String(options.origin))?.();
    if (answer === undefined || headOf(options).length === 0) throw new Error('that is no request for this stub');
    const controller = new StubController(answer.rawHeaders);
    handler.onRequestStart?.(controller, null);
    setImmediate(() => {
      handler.onResponseStart?.(controller, answer.status, answer.headers, 'OK');
      handler.onResponseData?.(controller, answer.body);
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }
}

function answerWith(json: unknown, gzip: boolean): Answer {
  const text = Buffer.from(JSON.stringify(json));
  const body = gzip ? gzipSync(text) : text;
  const headers = {
    date: new Date().toUTCString(),
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  };
  return {
    status: 200,
    body,
    headers,
    rawHeaders: Object.entries(headers)
      .flat()
      .map((part) => Buffer.from(part)),
  };
}

/** The head of the request as it goes over the wire (RFC 9112, section 2.1). */
function headOf({ method, path, headers }: Dispatcher.DispatchOptions): Buffer {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (Array.isArray(headers)) for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  else for (const [name, value] of Object.entries(headers ?? {})) head += `${name}: ${String(value)}\r\n`;
  return Buffer.from(head, 'latin1');
}

class StubController implements Dispatcher.DispatchController {
  readonly aborted = false;
  readonly reason = null;
  readonly rawHeaders: Buffer[];
  readonly rawTrailers = null;
  paused = false;

  constructor(rawHeaders: Buffer[]) {
    this.rawHeaders = rawHeaders;
  }

  abort(): void {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}
