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

function cell(value: Cell): string {
  if ('number' in value) return value.number;
  // A spreadsheet would run text that begins like a formula.
  const safe = /^[=+\-@\t\r]/.test(value.text) ? `'${value.text}` : value.text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
