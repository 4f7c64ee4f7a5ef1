import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Section } from '../../ui/Page.tsx';
import type { Column } from '../../ui/table.ts';
import { OneThing } from './Things.tsx';

type Row = ItemOf<'GET /v1/waiting'>;

/** What waits for what; what most events wait for comes first. */
export function Lacking() {
  const tools = useConsole();
  const { say } = tools;
  const list = useList('GET /v1/waiting', {});
  return (
    <Section title={say('events.lackingTitle')} actions={<CsvButton list={list} name="waiting" />}>
      <ListTable
        list={list}
        caption={say('events.lackingTitle')}
        columns={columnsOf(tools)}
        idOf={idOf}
        nameOf={idOf}
        empty={say('events.noneLacking')}
        sortName="lacking"
      />
    </Section>
  );
}

function idOf({ kind, id }: Row): string {
  return `${kind}:${id}`;
}

function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Row>[] {
  return [
    {
      key: 'thing',
      header: say('events.lacking'),
      isName: true,
      sortBy: idOf,
      cell: (thing) => <OneThing thing={thing} />,
    },
    {
      key: 'count',
      header: say('events.count'),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => format.count(count),
    },
    {
      key: 'since',
      header: say('events.since'),
      sortBy: ({ since }) => since,
      cell: ({ since }) => format.instant(since),
    },
    { key: 'types', header: say('events.types'), cell: ({ types }) => types.join(', ') },
  ];
}
