import type { IssuedTokens, ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

/** An account of the sandbox: a port and an ERP. */
export interface DatacomsysSandboxAccount {
  /** The code of the port: three characters. */
  readonly codePort: string;
  /** The id of the ERP: an integer. */
  readonly idERP: number;
  /** The password of the ERP. It can be changed while the sandbox runs. */
  password: string;
  /** The name of the port, returned by `GET /account`. Default: `"Port "` and the code. */
  readonly portName?: string;
}

/** A boat owner. */
export interface Plaisancier {
  /** The id, assigned in order from 1. */
  readonly idPlaisanc: number;
  /** The number by which the port knows the owner. */
  readonly matricule: string;
  /** The owner's name. */
  readonly nom: string;
  /** The owner's first name; empty if it was not given. */
  readonly prenom: string;
}

/** How a token is rejected: with HTTP 401, or with HTTP 200 and `status` 401 in the envelope. */
export type Rejection = 'status' | 'envelope';

/** How the envelope spells its status: `statuts` in one table of the document [S], `code` on some pages [V]. */
export type StatusSpelling = 'status' | 'statuts' | 'code';

/** The state of the sandbox that its answers depend on. */
export interface DatacomsysState {
  readonly find: (codePort: string, idERP: number) => DatacomsysSandboxAccount | undefined;
  readonly plaisanciers: Plaisancier[];
  readonly rejection: Rejection;
}

type Tokens = IssuedTokens<DatacomsysSandboxAccount>;

/** The vendor's messages for the two failures in its login document [S]. */
export const documentedFailures: Readonly<Record<401 | 500, string>> = {
  401: 'Authenfication failed',
  500: 'Erreur interne au WebService.',
};

/** The envelope of every response. The `data` of a failure is not documented beyond "the same format": here it is null. */
export function envelope(status: number, msg: string, data: object | null = null): Reply {
  return { status, json: { status, msg, data } };
}

/** The same reply with another spelling of the envelope's status. */
export function respell(reply: Reply, spelling: StatusSpelling): Reply {
  const { status, ...others } = v.parse(v.looseObject({ status: v.number() }), reply.json);
  return { ...reply, json: { [spelling]: status, ...others } };
}

/** Whether a request is a login. */
export function isLogin({ method, url }: ReceivedRequest): boolean {
  return method === 'POST' && url.pathname === '/Auth/Login';
}

const json = v.pipe(v.string(), v.parseJson());

const loginBody = v.object({
  codePort: v.pipe(v.string(), v.length(3)),
  idERP: v.pipe(v.number(), v.integer()),
  password: v.string(),
});

/** Replies to a login [S]. A refusal does not say which of the three values is wrong. That a body which is not JSON causes an internal error is [A]. */
export function answerLogin(request: ReceivedRequest, tokens: Tokens, { find }: DatacomsysState): Reply {
  const body = v.safeParse(json, request.body);
  if (!body.success) return envelope(500, documentedFailures[500]);
  const parsed = v.safeParse(loginBody, body.output);
  const account = parsed.success ? find(parsed.output.codePort, parsed.output.idERP) : undefined;
  if (!parsed.success || account?.password !== parsed.output.password) return envelope(401, documentedFailures[401]);
  return envelope(200, 'Authentification OK', { token: tokens.issue(account) });
}

/** Replies to a protected call [V]. `Authorization` holds the token alone [S]. */
export function answerCall(request: ReceivedRequest, tokens: Tokens, { plaisanciers, rejection }: DatacomsysState): Reply {
  const { method, url, headers } = request;
  const isAccount = method === 'GET' && url.pathname === '/account';
  const isPlaisancier = method === 'POST' && url.pathname === '/plaisancier';
  if (!isAccount && !isPlaisancier) return envelope(404, 'not found');
  const caller = tokens.owner(headers.authorization ?? '');
  if (caller === undefined) return rejectToken(rejection);
  return isAccount ? showAccount(caller) : savePlaisancier(request, plaisanciers);
}

function rejectToken(rejection: Rejection): Reply {
  const rejected = envelope(401, 'unauthorized');
  return rejection === 'status' ? rejected : { ...rejected, status: 200 };
}

function showAccount({ codePort, portName = `Port ${codePort}` }: DatacomsysSandboxAccount): Reply {
  return envelope(200, 'ok', { portCode: codePort, portName });
}

/** That a boat owner needs a name is [A]. */
const plaisancierBody = v.pipe(
  json,
  v.object({
    idPlaisanc: v.optional(v.pipe(v.number(), v.integer()), 0),
    matricule: v.optional(v.string()),
    nom: v.pipe(v.string(), v.nonEmpty()),
    prenom: v.optional(v.string(), ''),
  }),
);

/** Creates or changes a boat owner [V]: the id 0 stands for a new one. */
function savePlaisancier({ body }: ReceivedRequest, plaisanciers: Plaisancier[]): Reply {
  const parsed = v.safeParse(plaisancierBody, body);
  if (!parsed.success) return domainError(422, 'E001', 'nom : un texte non vide est attendu');
  const { idPlaisanc, ...fields } = parsed.output;
  const at = idPlaisanc === 0 ? plaisanciers.length : plaisanciers.findIndex((known) => known.idPlaisanc === idPlaisanc);
  if (at === -1) return domainError(404, 'E002', 'plaisancier inconnu');
  const id = at + 1;
  const { matricule = plaisanciers[at]?.matricule ?? `P${String(id).padStart(5, '0')}`, nom, prenom } = fields;
  plaisanciers[at] = { idPlaisanc: id, matricule, nom, prenom };
  return envelope(200, idPlaisanc === 0 ? 'Ajout OK' : 'Modification OK', { idPlaisanc: id, Matricule: matricule });
}

/** The vendor has the codes `E001` to `E021` in `data.errorCode` [V]; which of them means what is [A]. */
function domainError(status: 404 | 422, errorCode: string, msg: string): Reply {
  return envelope(status, msg, { errorCode });
}
