import type { Reply } from '@x/auth-core/testing';

/** DataComSys' one shape of answer. `data` of a failure is documented nowhere beyond "the same format": here it is null. */
export function envelope(status: number, msg: string, data: object | null = null): Reply {
  return { status, json: { status, msg, data } };
}

/** The vendor's words for the two failures of its login document [S]. */
export const documentedFailures: Readonly<Record<401 | 500, string>> = {
  401: 'Authenfication failed',
  500: 'Erreur interne au WebService.',
};
