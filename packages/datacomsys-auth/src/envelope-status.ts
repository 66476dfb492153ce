import * as v from 'valibot';

const status = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{3}$/, 'expected an HTTP status'))]), v.transform(Number));

/** The part of the envelope that every answer has [S]; one table of the document spells `status` as `statuts`. */
export const envelopeSchema: v.GenericSchema<unknown, Envelope> = v.object({
  status: v.optional(status),
  statuts: v.optional(status),
  msg: v.optional(v.unknown()),
  data: v.optional(v.unknown()),
});

/** What every answer is wrapped in. */
export interface Envelope {
  readonly status?: number | undefined;
  readonly statuts?: number | undefined;
  readonly msg?: unknown;
  readonly data?: unknown;
}

/**
 * The status that counts: where HTTP and the envelope disagree, the worse one [A]. Nothing is worse than 401: taken for a passing failure, a refused
 * password would be tried again.
 */
export function worseStatus(http: number, envelope: Envelope): number {
  const said = [http, envelope.status ?? 0, envelope.statuts ?? 0];
  return said.includes(401) ? 401 : Math.max(...said);
}
