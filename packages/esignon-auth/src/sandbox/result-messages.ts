/** The languages of eSignon's messages. */
export type SandboxLanguage = 'ko' | 'en' | 'ja';

type Texts = Readonly<Record<SandboxLanguage, string>>;

/**
 * What `header.result_msg` says: at a login, and `94` at the other calls. Korean and Japanese are the vendor's own words ([S], `94` [V]); English is
 * a translation.
 */
const resultMessages: Readonly<Record<string, Texts>> = {
  '00': {
    ko: '성공적으로 로그인되었습니다.',
    en: 'Logged in successfully.',
    ja: '成功裏にログインされました。',
  },
  '10': {
    ko: '로그인 정보가 정확하지 않습니다.',
    en: 'The login information is not right.',
    ja: 'ログイン情報が正確ではありません。',
  },
  '12': {
    ko: '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.',
    en: 'The body of the received message is malformed and could not be parsed.',
    ja: '受信メッセージのBody情報が正しくない形のため、パスできませんでした。',
  },
  '94': {
    ko: '인증키가 올바르지 않습니다.',
    en: 'The authentication key is not right.',
    ja: '認証キーが正しくありません。',
  },
  '95': {
    ko: 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.',
    en: 'This company cannot call the API. Please ask the administrator.',
    ja: 'APIを呼び出せない会社です。 管理者にお問い合わせください。',
  },
  '99': {
    ko: 'Unexpected exception ( 잘못된 포맷 )',
    en: 'Unexpected exception (wrong format)',
    ja: 'Unexpected exception（誤ったフォーマット）',
  },
};

/** The vendor's sentence for a result code; empty for one that its documents do not know. */
export function resultMessage(code: string, language: SandboxLanguage): string {
  return resultMessages[code]?.[language] ?? '';
}

/**
 * The language that `?lang=` asks for ([V]; one of the vendor's pages spells Japanese `jp`). Korean where it asks for none or for
 * another one [A].
 */
export function languageOf(url: URL): SandboxLanguage {
  const lang = url.searchParams.get('lang');
  if (lang === 'ja' || lang === 'jp') return 'ja';
  return lang === 'en' ? 'en' : 'ko';
}
