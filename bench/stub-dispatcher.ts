import { Dispatcher } from 'undici';

/** Answers every request with the same JSON, in the event loop's next turn, as a connection would. */
export class StubDispatcher extends Dispatcher {
  readonly #body: Buffer;
  readonly #headers: Record<string, string>;

  constructor(answer: unknown) {
    super();
    this.#body = Buffer.from(JSON.stringify(answer));
    this.#headers = { 'content-type': 'application/json', 'content-length': String(this.#body.length) };
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = new StubController();
    if (Object.keys(options.headers ?? {}).length === 0) throw new Error('the headers are missing');
    handler.onRequestStart?.(controller, null);
    setImmediate(() => {
      handler.onResponseStart?.(controller, 200, this.#headers, 'OK');
      handler.onResponseData?.(controller, this.#body);
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }
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
