import { Dispatcher } from 'undici';

interface Answer {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

/**
 * Answers every request to an origin with the same JSON, in the event loop's next turn, as a connection would. It looks up the origin and reads the
 * path and the headers, as an Agent does: what a request costs anyway must not be counted as the interceptor's.
 */
export class StubDispatcher extends Dispatcher {
  readonly #answers: ReadonlyMap<string, Answer>;

  constructor(origin: string, answer: unknown) {
    super();
    const body = Buffer.from(JSON.stringify(answer));
    const headers = { date: new Date().toUTCString(), 'content-type': 'application/json', 'content-length': String(body.length) };
    this.#answers = new Map([[origin, { body, headers }]]);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = new StubController();
    const answer = this.#answers.get(String(options.origin));
    if (answer === undefined || headOf(options).length === 0) throw new Error('that is no request for this stub');
    handler.onRequestStart?.(controller, null);
    setImmediate(() => {
      handler.onResponseStart?.(controller, 200, answer.headers, 'OK');
      handler.onResponseData?.(controller, answer.body);
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }
}

/** The head of the request as it goes over the wire (RFC 9112, section 2.1). */
function headOf({ method, path, headers }: Dispatcher.DispatchOptions): Buffer {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers ?? {})) head += `${name}: ${String(value)}\r\n`;
  return Buffer.from(head, 'latin1');
}

class StubController implements Dispatcher.DispatchController {
  readonly aborted = false;
  readonly reason = null;
  readonly rawHeaders = null;
  readonly rawTrailers = null;
  paused = false;

  abort(): void {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}
