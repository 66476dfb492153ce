import type { Clock, TokenProvider } from '@x/auth-core';
import type { Sandbox } from '@x/auth-core/testing';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import * as v from 'valibot';

import type { VendorName } from './messages.ts';

/** What differs between the vendors. */
export interface Vendor {
  readonly name: VendorName;
  readonly label: string;
  /** A protected call: a GET of this path below the base URL. */
  readonly path: string;
  /** Starts a vendor of its own, at which the tokens of several logins are good side by side. */
  start(clock: Clock): Promise<StartedVendor>;
}

export interface StartedVendor {
  readonly sandbox: Sandbox<{ password: string }>;
  /** A provider for the vendor's account at this base URL. */
  createProvider(access: { readonly baseUrl: string; readonly password: () => string; readonly clock: Clock }): TokenProvider;
  /** Whether this is an answer to the protected call, and no rejection or failure. */
  readonly isAnswer: (json: unknown) => boolean;
  /** What somebody has to know who writes the login by hand. */
  readonly byHand: {
    readonly path: string;
    body(password: string): unknown;
    token(json: unknown): string;
    authorization(token: string): string;
  };
}

/** Long enough to look at, and short enough to be stepped over. */
const lifetime = 3_600_000;

/** A machine that is busy with a hundred calls is slow by itself: that is not to count as a vendor that does not answer. */
const patience = { attemptTimeout: 30_000, timeout: 90_000 };

const company = v.object({ header: v.object({ result_code: v.literal('00') }) });
const companyToken = v.object({ body: v.object({ access_token: v.string() }) });

const esignon: Vendor = {
  name: 'esignon',
  label: 'eSignon',
  path: '/api/v2/company',
  async start(clock) {
    const sandbox = await startEsignonSandbox({ now: () => clock.now(), expireDate: (now) => now + lifetime });
    const [{ companyId, email }] = sandbox.accounts;
    return {
      sandbox,
      createProvider: (access) => createEsignonTokenProvider({ companyId, email, ...patience, ...access }),
      isAnswer: (json) => v.is(company, json),
      byHand: {
        path: `/api/${companyId}/login`,
        body: (password) => ({ header: { request_code: '1001Q' }, body: { memb_email: email, memb_pwd: password } }),
        token: (json) => v.parse(companyToken, json).body.access_token,
        authorization: (token) => `esignon ${token}`,
      },
    };
  },
};

const port = v.object({ status: v.literal(200) });
const portToken = v.object({ data: v.object({ token: v.string() }) });

const datacomsys: Vendor = {
  name: 'datacomsys',
  label: 'DataComSys',
  path: '/account',
  async start(clock) {
    const sandbox = await startDatacomsysSandbox({ now: () => clock.now() });
    const [{ codePort, idERP }] = sandbox.accounts;
    return {
      sandbox,
      createProvider: (access) => createDatacomsysTokenProvider({ codePort, idERP, ...patience, ...access }),
      isAnswer: (json) => v.is(port, json),
      byHand: {
        path: '/Auth/Login',
        body: (password) => ({ codePort, idERP, password }),
        token: (json) => v.parse(portToken, json).data.token,
        authorization: (token) => token,
      },
    };
  },
};

export const vendors: readonly Vendor[] = [esignon, datacomsys];
