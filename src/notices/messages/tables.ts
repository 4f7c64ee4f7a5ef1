import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import type { Table } from './message.ts';

/** A heading for each month of the rows, which are in the order of their days; `days` has the day of each, `2026-03-09`. */
export function monthHeadings(days: readonly string[], display: DisplayContext): Required<Pick<Table, 'headings'>> {
  const { month } = speechOf(display);
  const begins = days.flatMap((day, from) => (monthOf(day) === monthOf(days[from - 1] ?? '') ? [] : [{ from, day }]));
  return { headings: begins.map(({ from, day }) => ({ from, text: month(day) })) };
}

function monthOf(day: string): string {
  return day.slice(0, 'yyyy-mm'.length);
}

/** So many rows of a table, from one on, with the headings that they stand under. */
export function rowsOfTable({ rows, headings, ...rest }: Table, from: number, count: number): Table {
  if (headings === undefined) return { ...rest, rows: rows.slice(from, from + count) };
  const above = headings.findLast((heading) => heading.from <= from);
  const within = headings.filter((heading) => heading.from > from && heading.from < from + count);
  const shown = [...(above === undefined ? [] : [{ ...above, from }]), ...within];
  return {
    ...rest,
    rows: rows.slice(from, from + count),
    headings: shown.map((heading) => ({ ...heading, from: heading.from - from })),
  };
}

/** Each row of a table, with the heading that stands above it, if one does. */
export function rowsWithHeadings({ rows, headings = [] }: Table): { row: string[]; heading?: string }[] {
  const above = new Map(headings.map(({ from, text }) => [from, text]));
  return rows.map((row, index) => {
    const heading = above.get(index);
    return heading === undefined ? { row } : { row, heading };
  });
}
