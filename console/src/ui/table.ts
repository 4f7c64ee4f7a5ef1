import type { ComponentChildren } from 'preact';

import { type Cell, csv } from '../../../src/kernel/csv.ts';
import type { Formats } from '../format.ts';

/** What a column sorts by; null stands at the end, whichever way. */
export type SortValue = string | number | null;

export type Column<Row> = {
  /** In the address, as `sort=-days`. */
  key: string;
  header: string;
  cell(row: Row): ComponentChildren;
  /** Columns without one are not sorted by. */
  sortBy?: (row: Row) => SortValue;
  /** What a spreadsheet gets, where that is not the text of the cell, nor what is sorted by where the cell is more than text. */
  file?: (row: Row) => SortValue;
  /** Amounts and counts: their digits stand below each other. */
  isNumber?: boolean;
  /** May take several lines where there is no room for one. */
  isLong?: boolean;
  /** Says which row it is, beside the box that selects it and on a narrow screen. */
  isName?: boolean;
};

type Amounts<Row> = { key: string; header: string; of(row: Row): number | null };

/** A column of amounts: as money on the screen, as decimals in a file. */
export function amounts<Row>({ key, header, of }: Amounts<Row>, format: Pick<Formats, 'money' | 'typed'>): Column<Row> {
  const written = (write: (minor: number) => string) => (row: Row) => {
    const amount = of(row);
    return amount === null ? '' : write(amount);
  };
  return { key, header, isNumber: true, sortBy: of, cell: written(format.money), file: written(format.typed) };
}

/** Rows as a table for a spreadsheet. A column that says nothing of any row, such as one of buttons, is left out. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const told = columns.filter((column) => rows.some((row) => fileValue(column, row) !== null));
  return csv(
    told.map(({ header }) => header),
    rows.map((row) => told.map((column) => fileCell(column, fileValue(column, row)))),
  );
}

function fileValue<Row>({ file, cell, sortBy }: Column<Row>, row: Row): SortValue {
  if (file !== undefined) return file(row);
  const shown = cell(row);
  return typeof shown === 'string' || typeof shown === 'number' ? shown : (sortBy?.(row) ?? null);
}

function fileCell<Row>({ isNumber = false }: Column<Row>, value: SortValue): Cell {
  const text = String(value ?? '');
  return isNumber && /^-?\d+(?:\.\d+)?$/.test(text) ? { number: text } : { text };
}

export type Sort = { key: string; isDescending: boolean };

/** `-days` as of the address; null for what names no column that is sorted by. */
export function sortIn<Row>(text: string | null, columns: readonly Column<Row>[]): Sort | null {
  if (text === null) return null;
  const isDescending = text.startsWith('-');
  const key = isDescending ? text.slice(1) : text;
  return columns.some((column) => column.key === key && column.sortBy !== undefined) ? { key, isDescending } : null;
}

/** A press on a header: numbers the largest first, words from A; again the other way; once more as it came. */
export function nextSort<Row>(sort: Sort | null, { key, isNumber = false }: Column<Row>): string | null {
  if (sort?.key !== key) return isNumber ? `-${key}` : key;
  if (sort.isDescending === isNumber) return isNumber ? key : `-${key}`;
  return null;
}

/** The rows in order. Equal ones stay as they came; words compare as the language does. */
export function sorted<Row>(
  rows: readonly Row[],
  sort: Sort | null,
  columns: readonly Column<Row>[],
  locale: string,
): readonly Row[] {
  const by = columns.find(({ key }) => key === sort?.key)?.sortBy;
  if (sort === null || by === undefined) return rows;
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const way = sort.isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [by(a), by(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return (left - right) * way;
    return collator.compare(String(left), String(right)) * way;
  });
}
