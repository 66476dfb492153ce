import { readJsonPrefix, type ShellAdvice, type ShellFailure, type ShellSupport } from '@x/auth-core/provider';

import { createEsignonTokenProvider, esignonOptionsFromEnv } from './index.ts';

/**
 * What eSignon offers to the command `vendor-auth`. Its first protected call is `GET /api/v2/company` [V], one of three whose pages spell the header
 * `Authentication` [V].
 */
export const shellSupport: ShellSupport = {
  name: 'esignon',
  title: 'eSignon',
  variables: [
    { name: 'ESIGNON_COMPANY_ID' },
    { name: 'ESIGNON_EMAIL' },
    { name: 'ESIGNON_PASSWORD', isSecret: true },
    { name: 'ESIGNON_BASE_URL', isOptional: true },
  ],
  firstCall: {
    path: '/api/v2/company',
    otherHeader: 'authentication',
    isSuccess: (status, text) => status === 200 && resultCodeIn(text) === '00',
  },
  createProvider: (env, options) => createEsignonTokenProvider({ ...esignonOptionsFromEnv(env), ...options }),
  explain,
  async startSandbox(options = {}) {
    const { startEsignonSandbox } = await import('./sandbox.ts');
    const sandbox = await startEsignonSandbox(options);
    const [{ companyId, email, password }] = sandbox.accounts;
    const env = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
    return Object.assign(sandbox, { env });
  },
};

function resultCodeIn(text: string): string | undefined {
  const result = readJsonPrefix(text, ['header', 'result_code'], true);
  return typeof result === 'object' ? String(result.found) : undefined;
}

function explain(failure: ShellFailure): ShellAdvice | undefined {
  if (failure.step === 'call') return resultCodeIn(failure.text) === '14' ? periodEnded : undefined;
  const { code, vendorCode } = failure.error;
  if (code === 'INVALID_CREDENTIALS' && vendorCode === '10') return credentialsRefused;
  return code === 'NOT_ALLOWED' && vendorCode === '95' ? companyNotAllowed : undefined;
}

const credentialsRefused: ShellAdvice = {
  cause: 'credentials-refused',
  means: {
    en: 'eSignon says that the login information is not right (10). It does not say whether that is the company id, the e-mail address or the password.',
    ko: '이싸인온이 로그인 정보가 올바르지 않다고 응답했습니다(10). 회사 ID, 이메일, 비밀번호 중 어느 것인지는 알려 주지 않습니다.',
    ja: 'eSignonは、ログイン情報が正しくないと応答しました (10)。会社ID、メールアドレス、パスワードのどれかは示されません。',
    fr: 'eSignon répond que les informations de connexion ne sont pas justes (10), sans dire s’il s’agit du code de société, de l’adresse ou du mot de passe.',
  },
  todo: {
    en: 'Check ESIGNON_COMPANY_ID (the id, not the name of the company), ESIGNON_EMAIL and ESIGNON_PASSWORD. Do not try again and again: the account may get locked.',
    ko: 'ESIGNON_COMPANY_ID(회사 이름이 아닌 ID), ESIGNON_EMAIL, ESIGNON_PASSWORD를 확인하십시오. 여러 번 시도하면 계정이 잠길 수 있습니다.',
    ja: 'ESIGNON_COMPANY_ID (会社名ではなく ID)、ESIGNON_EMAIL、ESIGNON_PASSWORD を確かめてください。何度も試すとアカウントがロックされることがあります。',
    fr: 'Vérifiez ESIGNON_COMPANY_ID (le code, non le nom de la société), ESIGNON_EMAIL et ESIGNON_PASSWORD. N’essayez pas plusieurs fois : le compte pourrait être bloqué.',
  },
};

const companyNotAllowed: ShellAdvice = {
  cause: 'api-not-allowed',
  means: {
    en: 'eSignon says that this company may not call the API (95). The credentials may be right.',
    ko: '이싸인온이 이 회사는 API를 호출할 수 없다고 응답했습니다(95). 로그인 정보는 맞을 수 있습니다.',
    ja: 'eSignonは、この会社にはAPIの呼び出しが許可されていないと応答しました (95)。ログイン情報は正しい可能性があります。',
    fr: 'eSignon répond que cette société n’a pas le droit d’appeler l’API (95). Les identifiants sont peut-être justes.',
  },
  todo: {
    en: "Ask eSignon's customer center to enable the API for the company, then run vendor-auth esignon forget.",
    ko: '관리자 또는 이싸인온 고객센터에 회사의 API 사용을 요청한 뒤 vendor-auth esignon forget을 실행하십시오.',
    ja: 'eSignonのカスタマーサポートに会社のAPI利用を依頼し、その後 vendor-auth esignon forget を実行してください。',
    fr: 'Demandez au service client d’eSignon d’activer l’API pour la société, puis lancez vendor-auth esignon forget.',
  },
};

const periodEnded: ShellAdvice = {
  cause: 'period-ended',
  means: {
    en: "The company's period of use at eSignon has ended (14).",
    ko: '회사의 이싸인온 이용 기간이 끝났습니다(14).',
    ja: '会社のeSignonの利用期間が終了しています (14)。',
    fr: 'La période d’utilisation d’eSignon par la société est terminée (14).',
  },
  todo: {
    en: 'Renew the contract with eSignon. The account itself is right.',
    ko: '이싸인온 계약을 갱신하십시오. 계정 자체는 올바릅니다.',
    ja: 'eSignonの契約を更新してください。アカウント自体は正しいです。',
    fr: 'Renouvelez le contrat avec eSignon. Le compte lui-même est juste.',
  },
};
