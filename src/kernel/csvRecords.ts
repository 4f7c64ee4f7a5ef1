import { CsvError, parse } from 'csv-parse/sync';

export { CsvError };

/** A line of a table, cut into its cells; `line` is its own, where a person finds it. */
export type CsvRecord = { record: string[]; line: number };

/** The lines of a table that say something, cells without the space around them. Throws CsvError for what is none. */
export function csvRecords(text: string, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  parse(text, {
    ...{ bom: true, delimiter, skip_empty_lines: true, skip_records_with_empty_values: true, trim: true },
    on_record: (record: string[], { lines }) => {
      records.push({ record, line: lines });
      return null;
    },
  });
  return records;
}

/** What says which columns there are, and how they are separated. */
export function firstLineOf(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}
