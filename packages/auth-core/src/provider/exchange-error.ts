import type { AuthError, AuthErrorCode } from '../auth-error.ts';
import { errorInOwnWords } from '../failure-message.ts';
import { errorCode, foreignError } from '../secret-texts.ts';

/** The request of a failed exchange. */
interface FailedRequest {
  readonly provider: string;
  /** Method and URL. */
  readonly title: string;
  readonly secrets: readonly string[];
}

/** A failed exchange as an AuthError. The HTTP client's own error is not its `cause`: it may hold headers or bytes that were read. */
export function exchangeError(error: unknown, { provider, title, secrets }: FailedRequest, signal: AbortSignal): AuthError {
  const { code, retryable, what } = signal.aborted ? timeout : classify(errorCode(error) ?? '', error);
  const cause = foreignError(error, secrets);
  const known = String(Reflect.get(cause, 'code') ?? cause.name);
  // OpenSSL's messages are dumps, and the code says the same.
  const told = known.startsWith('ERR_SSL_') ? '' : `: ${cause.message}`;
  const detail = signal.aborted ? '' : ` (${known}${told})`;
  return errorInOwnWords({ code, provider, retryable, cause, message: `${provider}: ${title} ${what}${detail}` });
}

interface Failure {
  readonly code: AuthErrorCode;
  readonly retryable: boolean;
  readonly what: string;
}

const timeout: Failure = { code: 'TIMEOUT', retryable: true, what: 'did not answer in time: check the network' };

function classify(code: string, error: unknown): Failure {
  if (/^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) return timeout;
  if (
    code.startsWith('HPE_') ||
    Reflect.get(Object(error), 'name') === 'HTTPParserError' ||
    /^UND_ERR_(?:RES_EXCEEDED_MAX_SIZE|RES_CONTENT_LENGTH_MISMATCH|HEADERS_OVERFLOW)$/.test(code)
  ) {
    return { code: 'BAD_RESPONSE', retryable: false, what: 'returned what is not HTTP, or too large: check the port' };
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return {
      code: 'NETWORK',
      retryable: false,
      what: 'does not speak TLS: check the scheme and the port',
    };
  }
  if (/^CERT_|^ERR_TLS_|^ERR_SSL_|SELF_SIGNED|^UNABLE_TO_/.test(code)) {
    const what = 'presents a certificate that is not trusted: set NODE_EXTRA_CA_CERTS, or dispatcher to new Agent({ connect: { ca } })';
    return { code: 'NETWORK', retryable: false, what };
  }
  if (/^UND_ERR_(?:DESTROYED|CLOSED)$/.test(code)) {
    return { code: 'CONFIG', retryable: false, what: 'was not sent: the dispatcher is closed, give another' };
  }
  if (/^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)$|^ERR_INVALID_/.test(code)) {
    return { code: 'CONFIG', retryable: false, what: 'was not sent: correct the request or the dispatcher' };
  }
  return { code: 'NETWORK', retryable: true, what: 'got no whole answer: check baseUrl and the network' };
}
