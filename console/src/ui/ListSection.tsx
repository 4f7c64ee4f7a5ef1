import type { ComponentChildren } from 'preact';

import type { InputOf, ItemOf, ListOperation } from '../api.ts';
import { useConsole } from '../context.ts';
import { useList } from '../queries.ts';
import { CsvButton } from './CsvButton.tsx';
import { DataTable } from './DataTable.tsx';
import { Section } from './Page.tsx';
import type { Column } from './table.ts';
import { Failed, Loading } from './Wait.tsx';

type Props<O extends ListOperation> = {
  title: string;
  operation: O;
  input: InputOf<O>;
  columns: readonly Column<ItemOf<O>>[];
  idOf(item: ItemOf<O>): string;
  empty: string;
  /** What its CSV is called, without its ending; none is offered without. */
  file?: string;
  /** Those that are shown of what is read. */
  only?: (item: ItemOf<O>) => boolean;
  sortName?: string;
  children?: ComponentChildren;
};

/** A part of a page that is a list of the service: its table, its further pages, its CSV. */
export function ListSection<O extends ListOperation>({ title, operation, input, file, only, ...props }: Props<O>) {
  const { say } = useConsole();
  const { columns, idOf, empty, sortName, children } = props;
  const list = useList(operation, input);
  const rows = only === undefined ? list.items : list.items?.filter(only);
  return (
    <Section
      title={title}
      actions={file !== undefined && <CsvButton operation={operation} input={input as object} name={file} />}
    >
      {children}
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {rows === undefined ? (
        list.error === null && <Loading />
      ) : (
        <DataTable
          caption={title}
          columns={columns}
          rows={rows}
          idOf={idOf}
          nameOf={idOf}
          empty={list.hasMore ? say('own.noneSoFar') : empty}
          {...(sortName === undefined ? {} : { sortName })}
          {...list}
        />
      )}
    </Section>
  );
}
