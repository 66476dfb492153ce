import type { ShellAdvice, ShellFailure, ShellSupport } from '@x/auth-core/provider';

import { effectiveStatus } from './envelope-status.ts';
import { createDatacomsysTokenProvider, datacomsysOptionsFromEnv } from './index.ts';

/** What DataComSys offers to the command `vendor-auth`. Its first protected call is `GET /account` [V]. */
export const shellSupport: ShellSupport = {
  name: 'datacomsys',
  title: 'DataComSys',
  variables: [
    { name: 'DATACOMSYS_BASE_URL' },
    { name: 'DATACOMSYS_CODE_PORT' },
    { name: 'DATACOMSYS_ID_ERP' },
    { name: 'DATACOMSYS_PASSWORD', isSecret: true },
  ],
  firstCall: { path: '/account', isSuccess: (status, text) => effectiveStatus(status, text) === 200 },
  createProvider: (env, options) => createDatacomsysTokenProvider({ ...datacomsysOptionsFromEnv(env), ...options }),
  explain,
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

function explain(failure: ShellFailure): ShellAdvice | undefined {
  return failure.step === 'login' && failure.error.code === 'INVALID_CREDENTIALS' ? credentialsRefused : undefined;
}

const credentialsRefused: ShellAdvice = {
  cause: 'credentials-refused',
  means: {
    en: 'DataComSys refuses the port, the ERP or the password. On purpose it does not say which.',
    ko: 'DataComSys가 항구 코드, ERP ID 또는 비밀번호를 거부했습니다. 어느 것인지는 일부러 알려 주지 않습니다.',
    ja: 'DataComSys は、港のコード、ERP の ID、パスワードのいずれかを拒否しました。どれかは意図的に示されません。',
    fr: 'DataComSys refuse le port, l’ERP ou le mot de passe. Volontairement, il ne dit pas lequel.',
  },
  todo: {
    en: 'Check DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP and DATACOMSYS_PASSWORD, and that they belong to this DATACOMSYS_BASE_URL: test and production differ.',
    ko: 'DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP, DATACOMSYS_PASSWORD를 확인하고, 이 DATACOMSYS_BASE_URL에 속하는지도 확인하십시오. 테스트와 운영은 다릅니다.',
    ja: 'DATACOMSYS_CODE_PORT、DATACOMSYS_ID_ERP、DATACOMSYS_PASSWORD を確かめ、この DATACOMSYS_BASE_URL のものであることも確かめてください。テスト環境と本番環境では異なります。',
    fr: 'Vérifiez DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP et DATACOMSYS_PASSWORD, et qu’ils vont avec ce DATACOMSYS_BASE_URL : le test et la production diffèrent.',
  },
};
