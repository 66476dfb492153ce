import { describeTokenProvider } from '@x/auth-core/testing';
import { type Rejection, startDatacomsysSandbox, type StatusSpelling } from '@x/datacomsys-auth/sandbox';
import { describe, it } from 'vitest';

import { createDatacomsysTokenProvider } from '../src/index.ts';

const otherStatuses = [403, 404, 422, 500].map((status) => ({ status: 200, body: { status, msg: '401', data: { status: 401 } } }));

describe.each<[Rejection, StatusSpelling]>([
  ['status', 'status'],
  ['envelope', 'status'],
  ['envelope', 'code'],
])('with tokens rejected in the %s, whose status is spelt %s', (rejection, statusSpelling) => {
  describeTokenProvider(
    { describe, it },
    {
      name: 'datacomsys',
      startSandbox: () => startDatacomsysSandbox({ rejection, statusSpelling }),
      create: ({ baseUrl, account, password }, options) =>
        createDatacomsysTokenProvider({ ...options, baseUrl, codePort: account.codePort, idERP: account.idERP, password }),
      call: { path: '/account' },
      otherErrors: otherStatuses,
    },
  );
});
