import { Link } from 'wouter-preact';

import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { BatchStatus } from '../../payouts/states.tsx';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';

type Payday = ItemOf<'GET /v1/payout-cycles'>;

/** Half a year of paydays at a time: the sums of each are counted when they are asked for. */
const AT_ONCE = 12;

/** All paydays that have payouts, the newest first. */
export default function Paydays() {
  const tools = useConsole();
  const { say } = tools;
  const list = useList('GET /v1/payout-cycles', { query: { limit: AT_ONCE } });
  return (
    <Page
      title={say('payday.list')}
      lead={say('payday.listLead')}
      actions={
        <>
          <Link class="button" href="/simulate/payday">
            {say('payday.next')}
          </Link>
          <CsvButton list={list} name="paydays" />
        </>
      }
    >
      <ListTable
        list={list}
        caption={say('payday.list')}
        columns={columnsOf(tools)}
        idOf={({ cycle }) => cycle}
        nameOf={({ cycle }) => cycle}
        empty={say('payday.none')}
      />
    </Page>
  );
}

function columnsOf({ say, format }: Console): Column<Payday>[] {
  return [
    {
      key: 'payday',
      header: say('payday.day'),
      isName: true,
      sortBy: ({ cycle }) => cycle,
      cell: ({ cycle }) => (
        <To thing="payday" id={cycle}>
          {format.date(cycle)}
        </To>
      ),
    },
    { key: 'state', header: say('payday.state'), cell: ({ state }) => <BatchStatus state={state} /> },
    {
      key: 'payouts',
      header: say('payday.payouts'),
      isNumber: true,
      sortBy: ({ payouts }) => payouts,
      cell: ({ payouts }) => format.count(payouts),
    },
    amounts({ key: 'total', header: say('payday.total'), of: ({ total }) => total }, format),
    ...(['payable', 'paid', 'failed', 'held', 'excluded'] as const).map(
      (part): Column<Payday> => ({
        key: part,
        header: say(`payday.${part}`),
        isNumber: true,
        sortBy: ({ [part]: { total } }) => total,
        cell: ({ [part]: { count, total } }) =>
          count === 0 ? <span class="hint">–</span> : `${format.money(total)} · ${format.count(count)}`,
      }),
    ),
  ];
}
