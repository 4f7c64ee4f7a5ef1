import { createRemembered } from '../kernel/remembered.ts';

import { textIn } from './catalogues.ts';
import { englishFormats, type Formats, localFormats } from './formats.ts';
import type { TextArguments, TextKey } from './keys.ts';
import { type Language, type Locale, languageOf } from './languages.ts';
import type { Pages } from './pages.ts';

/**
 * How a person reads: times in their zone, money in the platform's currency, words in their language, or else in English.
 * `thisYear` is the year that they read it in; where it is known, things of it are called without a year.
 */
export type DisplayContext = { timeZone: string; currency: string; locale?: Locale; pages?: Pages; thisYear?: number };

/** What a text takes: nothing, or its arguments by name. */
type ValuesOf<K extends TextKey> = keyof TextArguments[K] extends never ? [] : [values: TextArguments[K]];

/** A text that takes nothing. */
export type PlainKey = { [K in TextKey]: keyof TextArguments[K] extends never ? K : never }[TextKey];

/** A command has a name that people type, and a title, in the catalogues, that buttons say. */
export type CommandName = NameIn<TextKey>;
type NameIn<K> = K extends `commands.${infer Name}.title` ? Name : never;

export type Say = <K extends TextKey>(key: K, ...values: ValuesOf<K>) => string;

/** Everything that it takes to speak to somebody. */
export type Speech = Formats & {
  language: Language;
  /** The text of a key, `say('common.because', { reason })`, in the person's language. */
  say: Say;
  /** `a, b and c`, or with `or` for the last. */
  list(items: readonly string[], how?: 'and' | 'or'): string;
};

const speeches = createRemembered<string, Speech>(1_000);

/** How to speak to whoever reads like this. */
export function speechOf(display: DisplayContext): Speech {
  const { timeZone, currency, locale = 'en', thisYear } = display;
  const key = `${locale} ${timeZone} ${currency} ${thisYear}`;
  const known = speeches.get(key);
  if (known !== undefined) return known;
  const made = createSpeech(locale, timeZone, currency, thisYear);
  speeches.set(key, made);
  return made;
}

function createSpeech(locale: Locale, timeZone: string, currency: string, thisYear: number | undefined): Speech {
  const language = languageOf(locale) ?? 'en';
  const isEnglish = language === 'en';
  const lists = {
    and: new Intl.ListFormat(isEnglish ? 'en-GB' : locale, { type: 'conjunction' }),
    or: new Intl.ListFormat(isEnglish ? 'en-GB' : locale, { type: 'disjunction' }),
  };
  return {
    ...(isEnglish ? englishFormats(timeZone, currency, thisYear) : localFormats(locale, timeZone, currency, thisYear)),
    language,
    say: sayIn(language),
    list: (items, how = 'and') => lists[how].format(items),
  };
}

/** How to say texts in a language, where there is nobody with a zone: a menu that everybody is shown. */
export function sayIn(language: Language): Say {
  return (key, ...[values]) => textIn(language, key, (values ?? {}) as TextArguments[typeof key]);
}
