import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import { errorCode, safeCause } from '../redact.ts';
import type { LoginRequest } from './login-exchange.ts';

/** A failed exchange as an AuthError. The HTTP client's own error stays out of it: it may hold headers or bytes that were read. */
export function exchangeError(error: unknown, login: LoginRequest, signal: AbortSignal): AuthError {
  const { code, retryable, advice } = signal.aborted ? timeout : classify(errorCode(error) ?? '', error);
  const cause = safeCause(error, login.secrets);
  const detail = signal.aborted ? '' : ` (${errorCode(error) ?? cause.name}: ${cause.message})`;
  return new AuthError({
    code,
    provider: login.provider,
    retryable,
    cause,
    message: `${login.provider}: ${printUrl(login.url)} ${advice}${detail}`,
  });
}

/** A URL as an error may show it: without a query. */
export function printUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

interface Verdict {
  readonly code: AuthErrorCode;
  readonly retryable: boolean;
  readonly advice: string;
}

const timeout: Verdict = { code: 'TIMEOUT', retryable: true, advice: 'did not answer in time' };

function classify(code: string, error: unknown): Verdict {
  if (/^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) return timeout;
  if (
    code.startsWith('HPE_') ||
    (error instanceof Error && error.name === 'HTTPParserError') ||
    /^UND_ERR_(?:RES_EXCEEDED_MAX_SIZE|HEADERS_OVERFLOW)$/.test(code)
  ) {
    return { code: 'BAD_RESPONSE', retryable: false, advice: 'answered with something that is no login answer' };
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return { code: 'NETWORK', retryable: false, advice: 'does not speak TLS: check the scheme and the port' };
  }
  if (/^CERT_|^ERR_TLS_|^ERR_SSL_|SELF_SIGNED|^UNABLE_TO_/.test(code)) {
    return { code: 'NETWORK', retryable: false, advice: 'could not be trusted: check its certificate, or name your certificate authority' };
  }
  if (/^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|DESTROYED|CLOSED)$|^ERR_INVALID_/.test(code)) {
    return { code: 'CONFIG', retryable: false, advice: 'could not be asked: the request or its dispatcher is not usable' };
  }
  return { code: 'NETWORK', retryable: true, advice: 'could not be reached, or the connection broke' };
}
