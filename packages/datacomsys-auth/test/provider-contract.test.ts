import { describeTokenProvider } from '@x/auth-core/testing';
import { type Refusal, startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { describe, it } from 'vitest';

import { createDatacomsysTokenProvider } from '../src/index.ts';

const otherStatuses = [403, 404, 422, 500].map((status) => ({ status: 200, body: { status, msg: '401', data: { status: 401 } } }));

describe.each<Refusal>(['status', 'envelope'])('with refused tokens told in the %s', (refusal) => {
  describeTokenProvider(
    { describe, it },
    {
      name: 'datacomsys',
      startSandbox: () => startDatacomsysSandbox({ refusal }),
      create: ({ baseUrl, account, password }, options) =>
        createDatacomsysTokenProvider({ ...options, baseUrl, codePort: account.codePort, idERP: account.idERP, password }),
      resource: '/account',
      otherErrors: otherStatuses,
    },
  );
});
