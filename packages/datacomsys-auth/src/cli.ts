import type { ShellSupport } from '@x/auth-core/provider';

import { createDatacomsysTokenProvider } from './index.ts';
import { datacomsysOptionsFromEnv } from './options.ts';

/** What DataComSys offers to the command `vendor-auth`: `GET /account` is its first protected call [V]. */
export const shellSupport: ShellSupport = {
  name: 'datacomsys',
  title: 'DataComSys',
  variables: [
    { name: 'DATACOMSYS_BASE_URL' },
    { name: 'DATACOMSYS_CODE_PORT' },
    { name: 'DATACOMSYS_ID_ERP' },
    { name: 'DATACOMSYS_PASSWORD', isSecret: true },
  ],
  firstCall: { path: '/account' },
  createProvider: (env, options) => createDatacomsysTokenProvider({ ...datacomsysOptionsFromEnv(env), ...options }),
  explain: () => undefined,
  async startSandbox(options = {}) {
    const { startDatacomsysSandbox } = await import('./sandbox.ts');
    const sandbox = await startDatacomsysSandbox(options);
    const [{ codePort, idERP, password }] = sandbox.accounts;
    const env = {
      DATACOMSYS_BASE_URL: sandbox.url,
      DATACOMSYS_CODE_PORT: codePort,
      DATACOMSYS_ID_ERP: String(idERP),
      DATACOMSYS_PASSWORD: password,
    };
    return Object.assign(sandbox, { env });
  },
};
