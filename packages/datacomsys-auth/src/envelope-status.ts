import * as v from 'valibot';

const status = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{3}$/, 'expected an HTTP status'))]), v.transform(Number));

/** The envelope of every response [S]. One table of the vendor's document spells `status` as `statuts`. */
export const envelopeSchema = v.object({
  status: v.optional(status),
  statuts: v.optional(status),
  msg: v.optional(v.unknown()),
  data: v.optional(v.unknown()),
});

export type Envelope = v.InferOutput<typeof envelopeSchema>;

/**
 * The status of a login: where HTTP and the envelope disagree, the higher one [A]. 401 wins over all others: refused credentials that are taken for a
 * temporary failure would be sent again.
 */
export function effectiveStatus(http: number, envelope: Envelope): number {
  const statuses = [http, envelope.status ?? 0, envelope.statuts ?? 0];
  return statuses.includes(401) ? 401 : Math.max(...statuses);
}
