import { describeTokenProvider } from '@x/auth-core/testing';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, it } from 'vitest';

import { createEsignonTokenProvider } from '../src/index.ts';

/** Results of other calls with HTTP 200: `10` means refused credentials in a login only. */
const otherResults = ['00', '10', '12', '95', '99', '940', ''].map((result_code) => ({
  status: 200,
  body: { header: { result_code, result_msg: '94' }, body: { result_code: '94' } },
}));

describe.each([
  ['tells the end of its tokens', {}],
  ['does not tell the end of its tokens', { expireDate: () => undefined }],
])('of a vendor that %s', (_what, sandboxOptions) => {
  describeTokenProvider(
    { describe, it },
    {
      name: 'esignon',
      startSandbox: () => startEsignonSandbox(sandboxOptions),
      create: ({ baseUrl, account, password }, options) =>
        createEsignonTokenProvider({ ...options, baseUrl, companyId: account.companyId, email: account.email, password }),
      call: { path: '/api/v2/company' },
      otherErrors: otherResults,
    },
  );
});
