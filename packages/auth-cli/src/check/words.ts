import type { ShellTexts } from '@x/auth-core/provider';

import type { StepName } from './step.ts';

/** What the steps are called. */
export const stepNames: Readonly<Record<StepName, ShellTexts>> = {
  options: { en: 'Options', ko: '설정', ja: '設定', fr: 'Options' },
  pause: { en: 'Pause', ko: '대기', ja: '待機', fr: 'Pause' },
  network: { en: 'Name look-up and TLS', ko: '이름 조회와 TLS', ja: '名前解決と TLS', fr: 'Résolution du nom et TLS' },
  login: { en: 'Login', ko: '로그인', ja: 'ログイン', fr: 'Login' },
  clock: { en: 'Clock', ko: '시계', ja: '時計', fr: 'Horloge' },
  token: { en: 'Token and its end', ko: '토큰과 만료', ja: 'トークンと期限', fr: 'Jeton et sa fin' },
  call: { en: 'First protected call', ko: '첫 번째 보호된 호출', ja: '最初の保護された呼び出し', fr: 'Premier appel protégé' },
};

/** What else a check says. */
export const words = {
  answered: { en: 'The vendor answered', ko: '업체의 응답', ja: 'ベンダーの応答', fr: 'Réponse du fournisseur' },
  means: { en: 'What it means', ko: '의미', ja: '意味', fr: 'Ce que cela signifie' },
  todo: { en: 'What to do', ko: '할 일', ja: '対処', fr: 'Que faire' },
  well: {
    en: 'This account works.',
    ko: '이 계정은 정상입니다.',
    ja: 'このアカウントは使えます。',
    fr: 'Ce compte fonctionne.',
  },
  question: {
    en: 'Log in nevertheless? [y/N] ',
    ko: '그래도 로그인할까요? [y/N] ',
    ja: 'それでもログインしますか。[y/N] ',
    fr: 'Se connecter quand même ? [o/N] ',
  },
} as const satisfies Readonly<Record<string, ShellTexts>>;
