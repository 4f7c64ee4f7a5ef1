import { BYTE_ORDER_MARK } from '../../../src/kernel/csv.ts';

/** A table as a file, as the service hands them out: spreadsheets are told that it is UTF-8. */
export function csvFile(table: string): Blob {
  return new Blob([BYTE_ORDER_MARK, table], { type: 'text/csv' });
}

/** Hands a file to the browser to be saved. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
