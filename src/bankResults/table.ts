import { CsvError, type CsvRecord, csvRecords, firstLineOf } from '../kernel/csvRecords.ts';
import { UnreadableResult } from './result.ts';

/** A row by the names of its columns, as the file has them in small letters and without signs: `payoutid`. */
export type ResultRow = { line: number; cells: Map<string, string> };

export type ResultTable = { columns: ReadonlySet<string>; rows: ResultRow[] };

const MOST_ROWS = 200_000;

/**
 * The table of a file of comma-, semicolon- or tab-separated values whose first line names the columns. Throws UnreadableResult
 * for what is none. No content is repeated: it has people's accounts.
 */
export function tableOf(text: string): ResultTable {
  const [header, ...others] = recordsOf(text);
  if (header === undefined) throw new UnreadableResult([{ line: null, message: 'the file is empty' }]);
  if (others.length > MOST_ROWS)
    throw new UnreadableResult([{ line: null, message: `has more than ${MOST_ROWS} rows` }]);
  const names = header.record.map(nameOf);
  const rows = others.map(({ record, line }) => ({
    line,
    cells: new Map(names.map((name, index) => [name, (record[index] ?? '').replace(/^'(?=[=+\-@])/, '')])),
  }));
  return { columns: new Set(names), rows };
}

function recordsOf(text: string): CsvRecord[] {
  try {
    return csvRecords(text, delimiterOf(text));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : null;
    throw new UnreadableResult([{ line, message: `is no table: ${error.code}` }]);
  }
}

/** `Payout ID`, `payout_id` and `payoutId` are one column. */
export function nameOf(column: string): string {
  return column.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** What a row has in the first of these columns that says something. */
export function cellOf({ cells }: ResultRow, ...columns: string[]): string | null {
  for (const column of columns) {
    const cell = cells.get(nameOf(column));
    if (cell !== undefined && cell !== '') return cell;
  }
  return null;
}

function delimiterOf(text: string): string {
  const firstLine = firstLineOf(text);
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: firstLine.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}
