import type { ResponseProbe } from '@x/auth-core';

import { envelopeStatus } from './envelope-status.ts';

/** Whether a response rejects the token: HTTP 401, or HTTP 200 with the status 401 in the envelope [A]. */
export function isRejection(probe: ResponseProbe): boolean | 'need-body' {
  if (probe.status === 401) return true;
  if (probe.status !== 200) return false;
  if (probe.body === undefined) return 'need-body';
  const status = envelopeStatus(probe.body, probe.complete === true);
  return status === 'need-more' ? 'need-body' : status === 401;
}
