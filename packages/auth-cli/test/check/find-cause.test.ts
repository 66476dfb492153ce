import { expect, it } from 'vitest';

import { causeOfCode } from '../../src/check/find-cause.ts';

it.each([
  ['ENOTFOUND', 'host-unknown'],
  ['EAI_AGAIN', 'host-unknown'],
  ['ECONNREFUSED', 'nothing-listens'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name'],
  ['CERT_HAS_EXPIRED', 'certificate-time'],
  ['CERT_NOT_YET_VALID', 'certificate-time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no-answer'],
  ['ECONNRESET', 'connection-broken'],
])('%s is the cause %s', (code, cause) => {
  expect(causeOfCode(Object.assign(new Error('no'), { code }))).toBe(cause);
});

it('the end of a time limit is the cause no-answer', () => {
  expect(causeOfCode(new DOMException('too late', 'TimeoutError'))).toBe('no-answer');
});
