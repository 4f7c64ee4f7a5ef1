import { IntlMessageFormat } from 'intl-messageformat';

import type { TextArguments, TextKey } from '../texts/keys.ts';

export type { TextKey };

type ValuesOf<K extends TextKey> = keyof TextArguments[K] extends never ? [] : [values: TextArguments[K]];

/** A text that takes nothing. */
export type PlainKey = { [K in TextKey]: keyof TextArguments[K] extends never ? K : never }[TextKey];

/** The text of a key with its arguments put in; times and amounts come as they are to be read. */
export type Say = <K extends TextKey>(key: K, ...values: ValuesOf<K>) => string;

/** Says the texts of a catalogue, as the language writes plurals and numbers. Throws a RangeError for a key that it does not have. */
export function sayFrom(texts: Readonly<Record<string, string>>, language: string): Say {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, ...[values]) => {
    let message = compiled.get(key);
    if (message === undefined) {
      const text = texts[key];
      if (text === undefined) throw new RangeError(`no text ${key}`);
      message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(values)).replaceAll(DOUBLED_STOP, '');
  };
}

/** Some languages end a date with a full stop (`2026 р.`, `1 de jan.`), which is then the sentence's, too. */
const DOUBLED_STOP = /(?<=\d\s(?:de\s)?\p{L}{1,5}\.)\.(?!\.)/gu;

/** Whether there is a text of a name that comes from the service, as the code of a refusal does. */
export function isKey(texts: Readonly<Record<string, string>>, key: string): key is TextKey {
  return key in texts;
}
