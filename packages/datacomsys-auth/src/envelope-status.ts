import { readJsonPrefix } from '@x/auth-core/provider';
import * as v from 'valibot';

/** The spellings of the envelope's status: one table of the document writes `statuts` [S], three pages write `code` [V]. */
const spellings = ['status', 'statuts', 'code'] as const;

/**
 * The status in the envelope of a body, or of the beginning of one: the first of `status`, `statuts` and `code` that is a number, which may be written as a
 * text. What stands inside of `data` is none.
 */
export function envelopeStatus(body: string, complete: boolean): number | 'absent' | 'need-more' {
  for (const spelling of spellings) {
    const value = readJsonPrefix(body, [spelling], complete);
    if (value === 'need-more') return 'need-more';
    if (value !== 'absent' && isStatus(value.found)) return Number(value.found);
  }
  return 'absent';
}

function isStatus(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{3}$/.test(value));
}

const statusSchema = v.optional(v.custom<number | string>((value) => value === '' || isStatus(value), 'expected an HTTP status'));

/** The schema entries of the envelope's status, which may be empty where another spelling has it [V]. */
export const statusEntries = { status: statusSchema, statuts: statusSchema, code: statusSchema };

/** By these the login is refused, whatever else the answer says [A]: it must not be sent again as after a temporary failure. */
const refusals = [401, 403, 423];

/** The status of a login: a refusal where HTTP or the envelope tells of one, otherwise the higher of the two [A]. */
export function effectiveStatus(http: number, body: string): number {
  const inside = envelopeStatus(body, true);
  const statuses = typeof inside === 'number' ? [http, inside] : [http];
  return refusals.find((status) => statuses.includes(status)) ?? Math.max(...statuses);
}
