import type { ResponseProbe } from '@x/auth-core';
import { readJsonPrefix } from '@x/auth-core/provider';

/**
 * Whether a response rejects the token: HTTP 401, or HTTP 200 with `status` 401 in the envelope [A]. One table of the vendor's document spells it
 * `statuts` [S], which counts if there is no `status`.
 */
export function isRejection(probe: ResponseProbe): boolean | 'need-body' {
  if (probe.status === 401) return true;
  if (probe.status !== 200) return false;
  if (probe.body === undefined) return 'need-body';
  const complete = probe.complete === true;
  const status = readJsonPrefix(probe.body, ['status'], complete);
  const result = status === 'absent' ? readJsonPrefix(probe.body, ['statuts'], complete) : status;
  if (result === 'need-more') return 'need-body';
  return result !== 'absent' && String(result.found) === '401';
}
