/** The languages that people are spoken to in; English is what all others are translated from. */
export const LANGUAGES = ['en', 'ru', 'uk', 'es', 'pt-BR'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  ru: 'Русский',
  uk: 'Українська',
  es: 'Español',
  'pt-BR': 'Português (Brasil)',
};

/** How somebody reads: a language, and the region's habits of writing dates and amounts where one is known. */
export type Locale = string;

/** The language of a locale, as `es` of `es-MX`; undefined for one that nothing is written in, and for no locale at all. */
export function languageOf(locale: string | undefined): Language | undefined {
  if (locale === undefined) return undefined;
  const spoken = parsed(locale)?.language;
  // There is one Portuguese, and whoever reads another reads this rather than English.
  return LANGUAGES.find((language) => language === spoken || language.split('-')[0] === spoken);
}

/** A language as somebody types or presses it: `uk`, `pt`, `Español`; undefined for none. */
export function languageCalled(text: string): Language | undefined {
  const called = text.trim().toLowerCase();
  return LANGUAGES.find((language) => LANGUAGE_NAMES[language].toLowerCase() === called) ?? languageOf(called);
}

/**
 * How to write to somebody: in the language that they chose, else the one that the platform says they read, else that of
 * their chat, else English. The first of the three that speaks that language says the region.
 */
export function localeOf(said: {
  chosen?: Language | undefined;
  account?: string | undefined;
  chat?: string | undefined;
}): Locale {
  const locales = [said.account, said.chat].filter((locale) => languageOf(locale) !== undefined);
  const language = said.chosen ?? languageOf(locales[0]) ?? 'en';
  const regional = locales.find((locale) => languageOf(locale) === language);
  return parsed(regional)?.toString() ?? language;
}

/** Null for what is no locale: both the platform and Telegram may send anything. */
function parsed(locale: string | undefined): Intl.Locale | null {
  if (locale === undefined) return null;
  try {
    return new Intl.Locale(locale.replaceAll('_', '-'));
  } catch {
    return null;
  }
}
