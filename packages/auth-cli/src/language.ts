import type { ShellTexts } from '@x/auth-core/provider';

import type { Environment } from './surroundings.ts';

/** The languages that a check speaks. */
export const languages = ['en', 'ko', 'ja', 'fr'] as const;

export type Language = (typeof languages)[number];

export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}

/** The language of a locale such as `ko_KR.UTF-8`, in the order in which POSIX looks at the variables; English where there is none of ours. */
export function languageOf(env: Environment): Language {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '') ?? '';
  const language = locale.slice(0, 2).toLowerCase();
  return isLanguage(language) && /^[a-z]{2}(?:$|[_.@-])/i.test(locale) ? language : 'en';
}

/** The sentence in a language, or in English. */
export function say(texts: ShellTexts, language: Language): string {
  return texts[language] ?? texts.en;
}
