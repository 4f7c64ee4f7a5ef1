import { isUtf8 } from 'node:buffer';

import { CsvError, type CsvRecord, csvRecords, firstLineOf } from '../../kernel/csvRecords.ts';
import { quoted } from '../../kernel/text.ts';
import { BadInput } from './badInput.ts';
import { readWhole } from './readFile.ts';

/** A row by the names of its columns; a column that the file does not have is an empty text. `line` is its own. */
export type Row<C extends string> = { line: number; cells: Record<C, string> };

export type Table<C extends string> = { rows: Row<C>[]; given: ReadonlySet<C>; sha256: string };

/**
 * The table in a file of comma- or semicolon-separated values, in UTF-8, whose first line names the columns, in any order and
 * whatever case. Throws BadInput for columns that are missing or unknown, and for what is no such table.
 */
export async function readTable<C extends string>(
  file: string,
  columns: { required: readonly C[]; optional: readonly C[] },
): Promise<Table<C>> {
  const { bytes, sha256 } = await readWhole(file);
  if (!isUtf8(bytes)) throw new BadInput([`${file} is not UTF-8: save it as “CSV UTF-8”`]);
  const records = parseRecords(file, bytes.toString('utf8'));
  const [header, ...others] = records;
  if (header === undefined) throw new BadInput([`${file} is empty`]);
  const names = header.record.map((name) => name.trim());
  const known = namesOf(file, names, columns);
  if (others.length === 0) throw new BadInput([`${file} has columns and no row`]);
  const rows = others.map(({ record, line }) => ({ line, cells: cellsOf(record, known, columns) }));
  return { rows, given: new Set(known), sha256 };
}

type Columns<C extends string> = { required: readonly C[]; optional: readonly C[] };

function parseRecords(file: string, text: string): CsvRecord[] {
  const firstLine = firstLineOf(text);
  const delimiter = firstLine.includes(',') || !firstLine.includes(';') ? ',' : ';';
  try {
    return csvRecords(text, delimiter);
  } catch (error) {
    if (error instanceof CsvError) throw new BadInput([`${file}: ${error.message}`]);
    throw error;
  }
}

/** The columns in the order of the file, as they are known here. */
function namesOf<C extends string>(file: string, names: string[], { required, optional }: Columns<C>): C[] {
  const all = [...required, ...optional];
  const byName = new Map(all.map((column) => [column.toLowerCase(), column]));
  const found = names.flatMap((name) => byName.get(name.toLowerCase()) ?? []);
  const missing = required.filter((column) => !found.includes(column));
  const unknown = names.filter((name) => !byName.has(name.toLowerCase()));
  const twice = found.filter((column, index) => found.indexOf(column) !== index);
  const faults = [
    ...(missing.length > 0 ? [`${file} lacks the columns ${missing.join(', ')}`] : []),
    ...(unknown.length > 0
      ? [`${file} has columns that are not known: ${unknown.map((name) => quoted(name, 40)).join(', ')}`]
      : []),
    ...(twice.length > 0 ? [`${file} has columns twice: ${twice.join(', ')}`] : []),
  ];
  if (faults.length > 0) throw new BadInput([...faults, `its columns can be ${all.join(', ')} (docs/shadow.md)`]);
  return found;
}

function cellsOf<C extends string>(
  record: string[],
  names: readonly C[],
  { required, optional }: Columns<C>,
): Record<C, string> {
  const given = new Map(names.map((name, index) => [name, record[index] ?? '']));
  const cells = [...required, ...optional].map((column) => [column, given.get(column) ?? ''] as const);
  // Every column is there, given or empty; Object.fromEntries forgets their names.
  return Object.fromEntries(cells) as Record<C, string>;
}
