import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { AsWritten } from '../../ui/AsWritten.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { personColumn } from '../../ui/personColumn.tsx';
import type { Column } from '../../ui/table.ts';

type Person = ItemOf<'GET /v1/health/unreached'>;
type Chat = ItemOf<'GET /v1/health/unreachable'>;

/** Chats that take no messages. */
export function Unreachable() {
  const tools = useConsole();
  const { say } = tools;
  return (
    <ListSection
      title={say('health.unreachable')}
      operation="GET /v1/health/unreachable"
      input={{}}
      idOf={({ accountId, channel, since }) => `${channel} ${accountId} ${since}`}
      columns={peopleColumns<Chat>(tools, [
        { key: 'channel', header: say('health.channel'), cell: ({ channel }) => say(`channels.${channel}`) },
        { key: 'reason', header: say('health.reason'), cell: ({ reason }) => <AsWritten>{reason}</AsWritten> },
      ])}
      file="health-unreachable"
      sortName="unreachable"
    />
  );
}

/** People whom no chat reaches. */
export function Unreached() {
  const tools = useConsole();
  return (
    <ListSection
      title={tools.say('health.nobody')}
      operation="GET /v1/health/unreached"
      input={{}}
      idOf={({ accountId }) => accountId}
      columns={peopleColumns<Person>(tools, [])}
      file="health-unreached"
      sortName="unreached"
    />
  );
}

/** Who gets nothing, what else is said of it, and since when. */
function peopleColumns<Row extends Person>({ say, format }: Console, between: Column<Row>[]): Column<Row>[] {
  return [
    personColumn({
      ...{ key: 'person', header: say('health.person'), isName: true },
      of: ({ accountId: id, name }) => ({ id, name }),
    }),
    ...between,
    {
      key: 'since',
      header: say('health.since'),
      sortBy: ({ since }) => since,
      cell: ({ since }) => format.instant(since),
    },
  ];
}
