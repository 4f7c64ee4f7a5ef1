import { useAddress } from '../address.ts';
import { useConsole } from '../context.ts';
import { Download } from './Download.tsx';
import { csvFile } from './save.ts';
import type { Selection } from './selection.ts';
import { type Column, csvOf, nextSort, type Sort, sorted, sortIn } from './table.ts';
import { Empty } from './Wait.tsx';

export type DataTableProps<Row> = {
  /** What the table is of, for whoever does not see what stands around it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf(row: Row): string;
  /** What a row is called where it is chosen. */
  nameOf(row: Row): string;
  selection?: Selection | undefined;
  /** What its file is called, made of the rows; null where a button above hands out a list with all its pages. */
  file: string | null;
  /** In words of its own, where there are no rows. */
  empty?: string;
  /** Where more can be read, how. */
  hasMore?: boolean;
  readMore?: () => void;
  isReading?: boolean;
  /** Sorts by `NAME=key` in the address, for pages with two tables. */
  sortName?: string;
};

/** Rows with headers that sort, boxes that choose, and the pages after. On a narrow screen each row is a card. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  selection,
  file,
  empty,
  sortName = 'sort',
  ...props
}: DataTableProps<Row>) {
  const { say, session } = useConsole();
  const { params, change } = useAddress();
  const { hasMore = false, isReading = false, idOf, nameOf, readMore } = props;
  const sort = sortIn(params.get(sortName), columns);
  if (rows.length === 0) return <Empty>{empty ?? say('table.empty')}</Empty>;
  const shown = sorted(rows, sort, columns, session.locale);
  return (
    <div class="table-block" aria-busy={isReading}>
      <table class="data">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {selection !== undefined && (
              <th scope="col" class="box">
                <SelectAll selection={selection} ids={rows.map(idOf)} />
              </th>
            )}
            {columns.map((column) => (
              <Header
                key={column.key}
                column={column}
                sort={sort}
                onSort={() => change({ [sortName]: nextSort(sort, column) })}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const id = idOf(row);
            const isChosen = selection?.ids.has(id) ?? false;
            return (
              <tr key={id} class={isChosen ? 'chosen' : undefined}>
                {selection !== undefined && (
                  <td class="box">
                    <input
                      type="checkbox"
                      checked={isChosen}
                      aria-label={say('table.select', { row: nameOf(row) })}
                      onChange={() => selection.toggle(id)}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <Cell key={column.key} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <footer class="table-foot">
        <span role="status">
          {say(hasMore ? 'table.moreThan' : 'table.rows', { shown: rows.length })}{' '}
          {hasMore && sort !== null && say('table.sortedAmongShown')}
        </span>
        {file !== null && (
          <Download
            name={`${file}.csv`}
            label={say('table.csv')}
            spoken={`${say('table.csv')}: ${caption}`}
            make={async () => csvFile(csvOf(columns, shown))}
          />
        )}
        {hasMore && (
          <button type="button" onClick={() => isReading || readMore?.()} aria-disabled={isReading}>
            {say(isReading ? 'table.reading' : 'table.more')}
          </button>
        )}
      </footer>
    </div>
  );
}

type HeaderProps<Row> = { column: Column<Row>; sort: Sort | null; onSort(): void };

function Header<Row>({ column: { key, header, sortBy, isNumber }, sort, onSort }: HeaderProps<Row>) {
  const way = sort?.key !== key ? 'none' : sort.isDescending ? 'descending' : 'ascending';
  const label = isNumber ? 'number' : undefined;
  if (sortBy === undefined)
    return (
      <th scope="col" class={label}>
        {header}
      </th>
    );
  return (
    <th scope="col" class={label} aria-sort={way}>
      <button type="button" class="sort" onClick={onSort}>
        {header}
        <span class="arrow" aria-hidden="true">
          {{ none: '', ascending: '↑', descending: '↓' }[way]}
        </span>
      </button>
    </th>
  );
}

function Cell<Row>({ column: { cell, header, isNumber, isLong, isName }, row }: { column: Column<Row>; row: Row }) {
  const value = cell(row);
  const label = [isNumber && 'number', isLong && 'long', isName && 'name'].filter(Boolean).join(' ') || undefined;
  if (isName)
    return (
      <th scope="row" class={label}>
        {value}
      </th>
    );
  return (
    <td class={label} data-label={header}>
      {value}
    </td>
  );
}

function SelectAll({ selection, ids }: { selection: Selection; ids: string[] }) {
  const { say } = useConsole();
  const count = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <input
      type="checkbox"
      checked={count > 0 && count === ids.length}
      indeterminate={count > 0 && count < ids.length}
      aria-label={say('table.selectAll')}
      onChange={() => selection.toggleAll(ids)}
    />
  );
}
