import { AuthError } from '../auth-error.ts';
import type { TokenProvider } from '../token-provider.ts';

/** The error of an abort without a reason, as undici itself has it. */
export function requestAborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
}

/** What was thrown or rejected with; undici's handlers are made for errors. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Something other than an error was thrown', { cause: thrown });
}

/** An error about how this part was put together. */
export function configError(provider: TokenProvider, message: string): AuthError {
  return new AuthError({ code: 'CONFIG', provider: provider.name, message: `${provider.name}: ${message}` });
}

/** The error for something else in the place of a provider. */
export function noProvider(): AuthError {
  const message = 'auth-core: expected a TokenProvider, as create…TokenProvider(options) makes it';
  return new AuthError({ code: 'CONFIG', provider: 'auth-core', message });
}

/** The error for a refused request that cannot be repeated. */
export function replayImpossible(provider: TokenProvider, redirected: boolean): AuthError {
  const why = redirected
    ? 'this request was redirected, and what it asked for may have been done before: check that, then send it again'
    : 'the body of this request (a stream or an iterator) cannot be sent twice: send the request again';
  const message = `${provider.name}: the vendor refused the token, and it was renewed, but ${why}`;
  return new AuthError({ code: 'REPLAY_IMPOSSIBLE', provider: provider.name, message });
}

/** How the body of a refusal ends that was not worth its connection. */
export function refusalDropped(): Error {
  return new Error('The rest of the refusal was dropped: its connection was needed for the login');
}
