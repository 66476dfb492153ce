import type { ShellSupport } from '@x/auth-core/provider';

import { createEsignonTokenProvider } from './index.ts';
import { esignonOptionsFromEnv } from './options.ts';

/** What eSignon offers to the command `vendor-auth`: `GET /api/v2/company` is its first protected call [V]. */
export const shellSupport: ShellSupport = {
  name: 'esignon',
  title: 'eSignon',
  variables: [
    { name: 'ESIGNON_COMPANY_ID' },
    { name: 'ESIGNON_EMAIL' },
    { name: 'ESIGNON_PASSWORD', isSecret: true },
    { name: 'ESIGNON_BASE_URL', isOptional: true },
  ],
  firstCall: { path: '/api/v2/company', otherHeader: 'authentication' },
  createProvider: (env, options) => createEsignonTokenProvider({ ...esignonOptionsFromEnv(env), ...options }),
  explain: () => undefined,
  async startSandbox(options = {}) {
    const { startEsignonSandbox } = await import('./sandbox.ts');
    const sandbox = await startEsignonSandbox(options);
    const [{ companyId, email, password }] = sandbox.accounts;
    const env = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
    return Object.assign(sandbox, { env });
  },
};
