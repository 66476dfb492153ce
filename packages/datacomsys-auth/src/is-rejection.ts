import type { ResponseProbe } from '@x/auth-core';
import { readJsonPrefix } from '@x/auth-core/provider';

/**
 * Whether an answer says that the token was refused: HTTP 401, or HTTP 200 with `status` 401 in the envelope [A]. One table of the document
 * spells it `statuts` [S]; that counts where there is no `status`.
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
