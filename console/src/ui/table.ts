import type { ComponentChildren } from 'preact';

/** What a column sorts by; null stands at the end, whichever way. */
export type SortValue = string | number | null;

export type Column<Row> = {
  /** In the address, as `sort=-days`. */
  key: string;
  header: string;
  cell(row: Row): ComponentChildren;
  /** Columns without one are not sorted by. */
  sortBy?: (row: Row) => SortValue;
  /** Amounts and counts: their digits stand below each other. */
  isNumber?: boolean;
  /** Says which row it is, beside the box that selects it and on a narrow screen. */
  isName?: boolean;
};

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
