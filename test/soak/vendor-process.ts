/**
 * Both vendors, in a process of their own: what they remember of requests must not count as memory of the clients. Answers are those of the sandboxes, one
 * exchange in five is disturbed, and tokens are revoked at random.
 */
import {
  createIssuedTokens,
  type FaultyServer,
  type IssuedTokens,
  type ReceivedRequest,
  type Reply,
  startFaultyServer,
} from '@x/auth-core/testing';

import * as datacomsys from '../../packages/datacomsys-auth/src/sandbox-answers.ts';
import * as esignon from '../../packages/esignon-auth/src/sandbox-answers.ts';
import { datacomsysAccount, esignonAccount } from './accounts.ts';
import { disturb } from './faults.ts';
import { createLedger } from './ledger.ts';
import { type Chance, chanceFrom } from './random.ts';
import type { VendorMessage, VendorOrder } from './vendors.ts';

/** How long eSignon's tokens are valid, in milliseconds. */
const lifetime = 6_000;

interface Behaviour {
  readonly isLogin: (request: ReceivedRequest) => boolean;
  readonly answer: (request: ReceivedRequest) => Reply;
  /** Whether a reply to a request that is no login rejects its token. */
  readonly isRejection: (reply: Reply) => boolean;
}

function behaveAsEsignon(tokens: IssuedTokens<esignon.EsignonSandboxAccount>): Behaviour {
  const workflows: esignon.StartedWorkflow[] = [];
  const state: esignon.EsignonState = { find: () => esignonAccount, workflows, expireDate: () => Date.now() + lifetime };
  return {
    isLogin: (request) => esignon.companyOf(request) !== undefined,
    answer(request) {
      const company = esignon.companyOf(request);
      return company === undefined ? esignon.answerCall(request, tokens, state) : esignon.answerLogin(request, company, tokens, state);
    },
    isRejection: ({ status }) => status === 401,
  };
}

function behaveAsDatacomsys(tokens: IssuedTokens<datacomsys.DatacomsysSandboxAccount>): Behaviour {
  const state: datacomsys.DatacomsysState = { find: () => datacomsysAccount, plaisanciers: [], rejection: 'envelope' };
  return {
    isLogin: datacomsys.isLogin,
    answer: (request) => (datacomsys.isLogin(request) ? datacomsys.answerLogin : datacomsys.answerCall)(request, tokens, state),
    isRejection: ({ json }) => typeof json === 'object' && json !== null && Reflect.get(json, 'status') === 401,
  };
}

const ledger = createLedger();
const neverDone: string[] = [];
const counts = { requests: 0, logins: 0, faults: 0 };

/** A server that disturbs one exchange in five and keeps the ledger of what it carried out. */
async function startVendor({ isLogin, answer, isRejection }: Behaviour, chance: Chance): Promise<FaultyServer> {
  const onRequest = (request: ReceivedRequest): void => {
    const login = isLogin(request);
    counts[login ? 'logins' : 'requests'] += 1;
    const id = idOf(request, login);
    if (id !== undefined) ledger.arrived(id);
    const disturbance = disturb(chance, login);
    if (disturbance === undefined) return;
    counts.faults += 1;
    server.fail(disturbance.fault, { when: (other) => other === request });
    if (disturbance.rejectsToken && id !== undefined) ledger.answered(id, 'rejected');
  };
  const server = await startFaultyServer(
    (request) => {
      const reply = answer(request);
      const id = idOf(request, isLogin(request));
      if (id !== undefined) ledger.answered(id, isRejection(reply) ? 'rejected' : 'carried out');
      return reply;
    },
    { onRequest },
  );
  return server;
}

/** The id of what must not be done twice. */
function idOf({ method, headers }: ReceivedRequest, login: boolean): string | undefined {
  const id = headers['x-request-id'];
  return method === 'POST' && !login && typeof id === 'string' ? id : undefined;
}

/** All tokens of a vendor end at once, now and then. */
function revokeAtRandom(tokens: { revoke(): void }, chance: Chance): void {
  setTimeout(
    () => {
      tokens.revoke();
      revokeAtRandom(tokens, chance);
    },
    chance.between(300, 1_500),
  );
}

const chance = chanceFrom(Number(process.argv[2]));
const esignonTokens = createIssuedTokens<esignon.EsignonSandboxAccount>({ lifetime });
const datacomsysTokens = createIssuedTokens<datacomsys.DatacomsysSandboxAccount>();
const servers = {
  esignon: await startVendor(behaveAsEsignon(telling(esignonTokens)), chance.fork('esignon')),
  datacomsys: await startVendor(behaveAsDatacomsys(telling(datacomsysTokens)), chance.fork('datacomsys')),
};
revokeAtRandom(esignonTokens, chance.fork('revoke esignon'));
revokeAtRandom(datacomsysTokens, chance.fork('revoke datacomsys'));

/** Tells of each token that is issued, so that it can be looked for where it must not be. */
function telling<Account>(tokens: IssuedTokens<Account>): IssuedTokens<Account> {
  return {
    ...tokens,
    issue(account) {
      const token = tokens.issue(account);
      say({ token });
      return token;
    },
  };
}

function say(message: VendorMessage): void {
  process.send?.(message);
}

// A soak that ends early must not leave a process behind.
process.on('disconnect', () => process.exit());
process.on('message', (order: VendorOrder) => {
  if (order === 'report') say({ ...counts, sentTwice: ledger.sentTwice, neverDone });
  else if (!ledger.carriedOut(order.answeredWell)) neverDone.push(order.answeredWell);
});
const urls = { esignon: servers.esignon.url, datacomsys: servers.datacomsys.url };
say({ urls });
