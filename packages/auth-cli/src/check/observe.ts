import { DecoratorHandler, type Dispatcher } from 'undici';

/** The head of an answer, as far as it may be shown. */
export interface SeenAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** What kind of text its body is. */
  readonly kind: 'JSON' | 'HTML' | 'text' | 'other';
  /** Its `Date` header in epoch milliseconds; NaN if there is none. */
  readonly date: number;
}

type Heads = (answer: SeenAnswer) => void;

/** Tells of the head of each answer. What a vendor writes into a header is not passed on: it may repeat a secret. */
export function observeHeads(dispatcher: Dispatcher, tell: Heads): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, new Observer(handler, tell)));
}

class Observer extends DecoratorHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #tell: Heads;

  constructor(handler: Dispatcher.DispatchHandler, tell: Heads) {
    super(handler);
    this.#inner = handler;
    this.#tell = tell;
  }

  onResponseStart(...[controller, status, headers, message]: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    if (status >= 200) this.#tell(seenAnswer(status, headers['content-type'], headers['date']));
    this.#inner.onResponseStart?.(controller, status, headers, message);
  }
}

/** Several values of a header are no answer of an API. */
export function seenAnswer(status: number, type: string | string[] | undefined, date: string | string[] | undefined): SeenAnswer {
  return { status, kind: kindOf(String(type)), date: Date.parse(String(date)) };
}

function kindOf(type: string): SeenAnswer['kind'] {
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return 'JSON';
  if (/^(?:text\/html|application\/xhtml\+xml)\b/i.test(type)) return 'HTML';
  return /^text\//i.test(type) ? 'text' : 'other';
}
