import type { ComponentChildren } from 'preact';

import type { InputOf, ItemOf, ListOperation } from '../api.ts';
import { useConsole } from '../context.ts';
import { useList } from '../queries.ts';
import { CsvButton } from './CsvButton.tsx';
import { ListTable } from './ListTable.tsx';
import { Section } from './Page.tsx';
import type { Column } from './table.ts';

type Props<O extends ListOperation> = {
  title: string;
  operation: O;
  input: InputOf<O>;
  columns: readonly Column<ItemOf<O>>[];
  idOf(item: ItemOf<O>): string;
  empty?: string;
  /** What its CSV is called, without its ending. */
  file: string;
  sortName?: string;
  /** Between the heading and the table. */
  children?: ComponentChildren;
};

/** A part of a page that is a list of the service: its table, its further pages, its CSV. */
export function ListSection<O extends ListOperation>({ title, operation, input, file, children, ...table }: Props<O>) {
  const { say } = useConsole();
  const list = useList(operation, input);
  return (
    <Section title={title} actions={<CsvButton list={list} name={file} />}>
      {children}
      <ListTable list={list} caption={title} nameOf={table.idOf} {...table} empty={table.empty ?? say('table.empty')} />
    </Section>
  );
}
