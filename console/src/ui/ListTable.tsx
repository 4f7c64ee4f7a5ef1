import type { useList } from '../queries.ts';
import { DataTable, type DataTableProps } from './DataTable.tsx';
import { Failed, Loading } from './Wait.tsx';

type Read<Row> = Omit<ReturnType<typeof useList>, 'items'> & { items: Row[] | undefined };
type Props<Row> = Omit<DataTableProps<Row>, 'rows' | 'file' | 'hasMore' | 'readMore' | 'isReading'> & {
  list: Read<Row>;
};

/** The table of what `useList` reads, and what is said until it is there or when it does not come. */
export function ListTable<Row>({ list, ...table }: Props<Row>) {
  const { items, error, again, hasMore, readMore, isReading } = list;
  return (
    <>
      {error !== null && <Failed error={error} again={again} />}
      {items === undefined ? (
        error === null && <Loading />
      ) : (
        <DataTable rows={items} file={null} hasMore={hasMore} readMore={readMore} isReading={isReading} {...table} />
      )}
    </>
  );
}
