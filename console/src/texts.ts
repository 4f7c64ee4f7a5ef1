import { catalogues } from 'virtual:texts';

/** The first of what somebody reads that there are texts in, or else English. */
export function languageOf(wanted: readonly string[]): string {
  const known = Object.keys(catalogues);
  const found = wanted.map((one) => known.find((language) => language.split('-')[0] === one.split('-')[0]));
  return found.find((one) => one !== undefined) ?? 'en';
}

/** The texts of one of the languages that there are. */
export async function textsIn(language: string): Promise<Record<string, string>> {
  const load = catalogues[language];
  if (load === undefined) throw new Error(`no texts in ${language}`);
  return load();
}
