import { expect, it } from 'vitest';

import { envelopeStatus } from '../src/envelope-status.ts';

it.each(['', '{}', '[]', '{"data":{"status":401}}', '{"status":null,"code":true}'])('an envelope without a status has none: %s', (body) => {
  expect(envelopeStatus(body, true)).toBe('absent');
});

it('the status of an envelope is unknown while its field may still come', () => {
  expect(envelopeStatus('{"msg":"non",', false)).toBe('need-more');
});
