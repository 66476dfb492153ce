import type { ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

import type { DatacomsysSandboxAccount } from './account.ts';
import { envelope } from './envelope.ts';

/** A boat owner that was created. */
export interface CreatedPlaisancier {
  /** Given by the sandbox: how many there are, this one included. */
  readonly id: number;
  /** The owner's name. */
  readonly nom: string;
}

/** How a refused token is answered: with HTTP 401, or with HTTP 200 and `status` 401 in the envelope. */
export type Refusal = 'status' | 'envelope';

/** The vendor's state behind the protected calls. */
export interface CallDesk {
  readonly owner: (token: string) => DatacomsysSandboxAccount | undefined;
  readonly plaisanciers: CreatedPlaisancier[];
  readonly refusal: Refusal;
}

/** [A]: that a boat owner needs a name. */
const PlaisancierBody = v.pipe(v.string(), v.parseJson(), v.object({ nom: v.pipe(v.string(), v.nonEmpty()) }));

/** Answers a protected call [V]. The token stands alone in `Authorization` [S]. */
export function answerCall(request: ReceivedRequest, desk: CallDesk): Reply {
  const { method, url, headers } = request;
  const isAccount = method === 'GET' && url.pathname.endsWith('/account');
  const isPlaisancier = method === 'POST' && url.pathname.endsWith('/plaisancier');
  if (!isAccount && !isPlaisancier) return envelope(404, 'not found');
  const caller = desk.owner(headers.authorization ?? '');
  if (caller === undefined) return refuse(desk.refusal);
  return isAccount ? showAccount(caller) : createPlaisancier(request, desk.plaisanciers);
}

function refuse(refusal: Refusal): Reply {
  const refused = envelope(401, 'unauthorized');
  return refusal === 'status' ? refused : { ...refused, status: 200 };
}

function showAccount({ codePort, portName = `Port ${codePort}` }: DatacomsysSandboxAccount): Reply {
  return envelope(200, 'ok', { portCode: codePort, portName });
}

function createPlaisancier({ body }: ReceivedRequest, plaisanciers: CreatedPlaisancier[]): Reply {
  const parsed = v.safeParse(PlaisancierBody, body);
  if (!parsed.success) return envelope(422, 'nom: expected a text that is not empty');
  const created: CreatedPlaisancier = { id: plaisanciers.length + 1, nom: parsed.output.nom };
  plaisanciers.push(created);
  return envelope(200, 'ok', created);
}
