import { readFileSync } from 'node:fs';
import { type Formatters, IntlMessageFormat } from 'intl-messageformat';

import type { TextArguments, TextKey } from './keys.ts';
import type { Language } from './languages.ts';

/** A catalogue as it is written: sections within sections, and texts in ICU's message format at their ends. */
type Section = { [name: string]: string | Section };

const catalogues = new Map<Language, ReadonlyMap<string, string>>();
const compiled = new Map<string, IntlMessageFormat>();

/** A text of a language with its arguments put in. Numbers among them are written, and plurals chosen, as the language does. */
export function textIn<K extends TextKey>(language: Language, key: K, values: TextArguments[K]): string {
  const id = `${language} ${key}`;
  let message = compiled.get(id);
  if (message === undefined) {
    message = compile(language, key);
    compiled.set(id, message);
  }
  return String(message.format(values)).replaceAll(DOUBLED_STOP, '');
}

/** Some languages end a date with a full stop (`2026 р.`, `1 de jan.`), which is then the sentence's, too. */
const DOUBLED_STOP = /(?<=\d\s(?:de\s)?\p{L}{1,5}\.)\.(?!\.)/gu;

function compile(language: Language, key: TextKey): IntlMessageFormat {
  const text = catalogueOf(language).get(key) ?? catalogueOf('en').get(key);
  if (text === undefined) throw new RangeError(`no text ${key} in src/texts/en.json`);
  const formatters = language === 'en' ? { formatters: ENGLISH } : {};
  return new IntlMessageFormat(text, language, undefined, { ignoreTag: true, ...formatters });
}

const plain = new Intl.NumberFormat('en', { useGrouping: false });
const plurals = new Intl.PluralRules('en');

/** English writes counts as the API and the log do, `1500 fans`. */
const ENGLISH: Formatters = {
  getNumberFormat: () => plain,
  getPluralRules: () => plurals,
  getDateTimeFormat: (...given) => new Intl.DateTimeFormat(...given),
};

/** All texts of a language by their keys, as `common.because`. */
export function catalogueOf(language: Language): ReadonlyMap<string, string> {
  const known = catalogues.get(language);
  if (known !== undefined) return known;
  const file = new URL(`./${language}.json`, import.meta.url);
  const texts = new Map(entriesOf(JSON.parse(readFileSync(file, 'utf8')) as Section));
  catalogues.set(language, texts);
  return texts;
}

function* entriesOf(section: Section, above = ''): Generator<[key: string, text: string]> {
  for (const [name, value] of Object.entries(section)) {
    const key = `${above}${name}`;
    if (typeof value === 'string') yield [key, value];
    else yield* entriesOf(value, `${key}.`);
  }
}
