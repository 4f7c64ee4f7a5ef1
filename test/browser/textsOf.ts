import { readFileSync } from 'node:fs';

import { isKey, sayFrom, type TextKey } from '../../console/src/say.ts';

/** The console's texts of a language, as a page has them: its own, and those that it shares with chat. */
export function toolsIn(language: string) {
  const shared: string[] = JSON.parse(readFileSync('console/texts/shared.json', 'utf8'));
  const own = textsIn('console/texts', language);
  const others = textsIn('src/texts', language).filter(([key]) =>
    shared.some((one) => key === one || key.startsWith(`${one}.`)),
  );
  const texts = Object.fromEntries([...own, ...others]);
  return { texts, say: sayFrom(texts, language), isText: (key: string): key is TextKey => isKey(texts, key) };
}

function textsIn(folder: string, language: string): [key: string, text: string][] {
  const read = (value: unknown, above: string): [string, string][] =>
    typeof value === 'string'
      ? [[above, value]]
      : Object.entries(value as object).flatMap(([key, inner]) => read(inner, above === '' ? key : `${above}.${key}`));
  return read(JSON.parse(readFileSync(`${folder}/${language}.json`, 'utf8')), '');
}
