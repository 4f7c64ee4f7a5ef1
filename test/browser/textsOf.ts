import { textsOf } from '../../console/build/texts.ts';
import { isKey, sayFrom, type TextKey } from '../../console/src/say.ts';

/** The console's texts of a language, as a page has them: its own, and those that it shares with chat. */
export function toolsIn(language: string) {
  const texts = Object.fromEntries(textsOf(language));
  return { texts, say: sayFrom(texts, language), isText: (key: string): key is TextKey => isKey(texts, key) };
}
