const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Whether this is a country's code of ISO 3166, as `DE`. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && names.of(code) !== undefined;
}

/** What a country is called in a language. */
export function countryName(code: string, language: string): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}
