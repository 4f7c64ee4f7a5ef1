import anyAscii from 'any-ascii';

/** What a bank takes in a name (EPC, best practices on the Latin character set). */
export const LONGEST_NAME = 70;

/** Signs that have a usual stand-in among those that banks take. */
const STAND_INS: Record<string, string> = { '&': '+', _: '-', '"': "'", '`': "'" };

/**
 * A text in the character set of SEPA (`a-z A-Z 0-9 / - ? : ( ) . , ' +` and space), at most `longest` of them: accents are
 * dropped, letters of other scripts are transliterated. It begins with a letter or digit, so that no spreadsheet takes it
 * for a formula; no slash is at its end, and no two follow each other.
 */
export function sepaText(text: string, longest: number): string {
  return anyAscii(text.normalize('NFC'))
    .replace(/[&_"`]/g, (sign) => STAND_INS[sign] ?? ' ')
    .replace(/[^A-Za-z0-9/\-?:().,'+ ]/g, ' ')
    .replace(/\/{2,}/g, '/')
    .replace(/ {2,}/g, ' ')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, longest)
    .replace(/[/ ]+$/, '');
}
