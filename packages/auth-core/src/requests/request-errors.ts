/** The error of an abort without a reason, as undici itself has it. */
export function requestAborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
}

/** What was thrown or rejected with; undici's handlers are made for errors. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Something other than an error was thrown', { cause: thrown });
}
