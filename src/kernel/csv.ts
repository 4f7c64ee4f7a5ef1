import { oneLine } from './text.ts';

/** A cell: text is made safe for spreadsheets, numbers (amounts as decimals) are written as they are. */
export type Cell = { text: string } | { number: string };

/** Comma-separated values (RFC 4180): a header, then rows; every line ends in CRLF. */
export function csv(header: string[], rows: Cell[][]): string {
  return csvRows([header.map((text) => ({ text })), ...rows]);
}

/** Rows alone, for a table that is written in pieces. */
export function csvRows(rows: Cell[][]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** At the head of a file it tells spreadsheets that what follows is UTF-8; without it they read names as gibberish. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Whether a spreadsheet would run a text: in a cell it is written with a quote before it, and so is another text. */
export function isFormula(text: string): boolean {
  return harmless(text) !== oneLine(text);
}

function harmless(text: string): string {
  return oneLine(text).replaceAll(FORMULA, "$<before>'$<sign>");
}

function cell(value: Cell): string {
  if ('number' in value) return value.number;
  const safe = harmless(value.text);
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Where a spreadsheet would run text: a sign of formulas, also a wide one, at the beginning of a cell, with nothing before
 * it that shows. A spreadsheet that splits at semicolons or tabs does not heed our quotes inside what it takes for a
 * cell, so what follows one of those is the beginning of a cell too.
 */
const FORMULA = /(?<before>(?:^|[;|\t\r\n])[\s"\p{Cc}\p{Cf}]*)(?<sign>[=+\-@＝＋－＠﹢﹣﹦﹫−])/gu;
/** What separates cells or lines in some dialect, and quotes. Space at the ends is kept by quoting too. */
const SPECIAL = /[",;|\t\r\n]|^\s|\s$/;
