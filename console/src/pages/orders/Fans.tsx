import { oneOf, useAddress } from '../../address.ts';
import { type Console, useConsole } from '../../context.ts';
import { type Fan, VERDICTS } from '../../orders.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import type { Column } from '../../ui/table.ts';

/** The fans that came through an order's campaign, all or those of one verdict. */
export function Fans({ orderId }: { orderId: string }) {
  const tools = useConsole();
  const { say } = tools;
  const { params } = useAddress();
  const verdict = oneOf(params, 'verdict', ['all', ...VERDICTS]);
  const input = { path: { id: orderId }, query: verdict === 'all' ? {} : { verdict } };
  const list = useList('GET /v1/orders/{id}/fans', input);
  return (
    <Section title={say('order.fansTitle')} actions={<CsvButton list={list} name={`fans-${orderId}`} />}>
      <Tabs
        label={say('order.verdict')}
        name="verdict"
        value={verdict}
        choices={[
          { value: 'all' as const, label: say('order.anyVerdict') },
          ...VERDICTS.map((value) => ({ value, label: say(`verdict.${value}`) })),
        ]}
      />
      <ListTable
        list={list}
        caption={say('order.fansTitle')}
        columns={columnsOf(tools)}
        idOf={({ subscriptionId }) => subscriptionId}
        nameOf={({ subscriptionId }) => subscriptionId}
        empty={say('order.noFans')}
        sortName="fans"
      />
    </Section>
  );
}

function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Fan>[] {
  return [
    {
      key: 'subscription',
      header: say('order.subscription'),
      isName: true,
      sortBy: ({ subscriptionId }) => subscriptionId,
      cell: ({ subscriptionId }) => subscriptionId,
    },
    { key: 'fan', header: say('order.fan'), sortBy: ({ fanId }) => fanId, cell: ({ fanId }) => fanId },
    {
      key: 'verdict',
      header: say('order.verdict'),
      sortBy: ({ verdict }) => say(`verdict.${verdict}`),
      cell: ({ verdict }) => (
        <Status tone={verdict === 'counted' ? 'good' : 'ended'}>{say(`verdict.${verdict}`)}</Status>
      ),
    },
    {
      key: 'number',
      header: say('order.number'),
      isNumber: true,
      sortBy: ({ number }) => number,
      cell: ({ number }) => (number === null ? '–' : format.count(number)),
    },
    {
      key: 'started',
      header: say('order.startedOn'),
      sortBy: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => format.instant(startedAt),
    },
    {
      key: 'judged',
      header: say('order.judgedAt'),
      sortBy: ({ judgedAt }) => judgedAt,
      cell: ({ judgedAt }) => format.instant(judgedAt),
    },
  ];
}
