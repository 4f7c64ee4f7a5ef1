import { ToAccount } from './To.tsx';
import type { Column } from './table.ts';

type Person<Row> = { key: string; header: string; isName?: true; of(row: Row): { id: string; name: string } };

/** A column of people: by name, which leads to their page. */
export function personColumn<Row>({ of, ...column }: Person<Row>): Column<Row> {
  return { ...column, sortBy: (row) => of(row).name, cell: (row) => <ToAccount {...of(row)} /> };
}
