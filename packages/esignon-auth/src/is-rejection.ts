import type { ResponseProbe } from '@x/auth-core';
import { readJsonPrefix } from '@x/auth-core/provider';

/**
 * Whether a response rejects the token: HTTP 401 (the v3 endpoints, which have no envelope [A]), or HTTP 200 with `header.result_code` `"94"` [V].
 * Other result codes have different meanings on different endpoints; none of them is about the token.
 */
export function isRejection(probe: ResponseProbe): boolean | 'need-body' {
  if (probe.status === 401) return true;
  if (probe.status !== 200) return false;
  if (probe.body === undefined) return 'need-body';
  const result = readJsonPrefix(probe.body, ['header', 'result_code'], probe.complete === true);
  if (result === 'need-more') return 'need-body';
  return result !== 'absent' && String(result.found) === '94';
}
