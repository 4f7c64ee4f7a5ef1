import { useState } from 'preact/hooks';

import { oneOf, useAddress } from '../../address.ts';
import { type Console, useConsole } from '../../context.ts';
import { type Batch, type Payout, PayoutStatus } from '../../payouts/states.tsx';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { SelectionBar } from '../../ui/SelectionBar.tsx';
import { chosen, useSelection } from '../../ui/selection.ts';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { LeftOut } from './LeftOut.tsx';
import { LinesFilter, VIEWS } from './LinesFilter.tsx';
import { LINE_ACTS, type LineActName, lineActsOf } from './lineActs.tsx';

/** The payouts of a payday: all, those of a state, or what keeps some of them out of its batch. */
export function Lines({ date, batch }: { date: string; batch: Batch }) {
  const { say } = useConsole();
  const { params } = useAddress();
  const view = oneOf(params, 'view', VIEWS);
  const accountId = params.get('account') ?? undefined;
  const status = view === 'all' || view === 'drawn' || view === 'held' || view === 'excluded' ? undefined : view;
  const query = {
    ...(view === 'drawn' ? { cycle: date } : { paidWith: date }),
    ...(status === undefined ? {} : { status }),
    ...(accountId === undefined ? {} : { accountId }),
  };
  return (
    <Section title={say('line.title')}>
      <LinesFilter view={view} accountId={accountId} />
      {view === 'held' || view === 'excluded' ? (
        <LeftOut date={date} batch={batch} kind={view} accountId={accountId} />
      ) : (
        <Payouts key={JSON.stringify(query)} date={date} batch={batch} query={query} file={`payouts-${date}-${view}`} />
      )}
    </Section>
  );
}

type Query = { cycle?: string; paidWith?: string; status?: Payout['status']; accountId?: string };

type PayoutsProps = { date: string; batch: Batch; query: Query; file: string };

function Payouts({ date, batch, query, file }: PayoutsProps) {
  const tools = useConsole();
  const { say, format, session } = tools;
  const selection = useSelection();
  const [act, setAct] = useState<LineActName>();
  const list = useList('GET /v1/payouts', { query: { ...query, limit: 50 } });
  const items = chosen(list.items ?? [], selection, idOf);
  const acts = lineActsOf(session, batch);
  const Opened = act === undefined ? undefined : LINE_ACTS[act].Dialog;
  return (
    <>
      <div class="actions">
        <CsvButton list={list} name={file} />
      </div>
      <ListTable
        list={list}
        caption={say('line.title')}
        columns={columnsOf(tools, date)}
        idOf={idOf}
        nameOf={idOf}
        selection={acts.length === 0 ? undefined : selection}
        empty={say('line.empty')}
      />
      <SelectionBar
        selection={selection}
        count={items.length}
        sum={format.money(items.reduce((sum, { amount }) => sum + amount, 0))}
      >
        {acts.map((name) => (
          <button key={name} type="button" onClick={() => setAct(name)}>
            {say(LINE_ACTS[name].label)}
          </button>
        ))}
      </SelectionBar>
      {Opened !== undefined && (
        <Opened
          date={date}
          items={items}
          onClose={(hasRun) => {
            setAct(undefined);
            if (hasRun) selection.clear();
          }}
        />
      )}
    </>
  );
}

function idOf({ payoutId }: Payout): string {
  return payoutId;
}

function columnsOf({ say, format }: Console, date: string): Column<Payout>[] {
  return [
    {
      key: 'payout',
      header: say('payout.payout'),
      isName: true,
      sortBy: ({ payoutId }) => payoutId,
      cell: ({ payoutId }) => <To thing="payout" id={payoutId} />,
    },
    {
      key: 'account',
      header: say('payout.account'),
      sortBy: ({ accountId }) => accountId,
      cell: ({ accountId }) => <To thing="account" id={accountId} />,
    },
    amounts({ key: 'amount', header: say('payout.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'state',
      header: say('payout.state'),
      sortBy: ({ status }) => status,
      cell: (payout) => <PayoutStatus payout={payout} />,
    },
    {
      key: 'carried',
      header: say('line.carried'),
      cell: ({ cycle, carriedTo }) =>
        cycle !== date ? (
          <To thing="payday" id={cycle}>
            {say('line.from', { day: format.date(cycle) })}
          </To>
        ) : carriedTo !== null ? (
          <To thing="payday" id={carriedTo}>
            {say('line.to', { day: format.date(carriedTo) })}
          </To>
        ) : (
          <span class="hint">–</span>
        ),
    },
    {
      key: 'ended',
      header: say('payout.ended'),
      sortBy: ({ endedAt }) => endedAt,
      cell: ({ endedAt, reference, reason }) =>
        endedAt === null ? (
          <span class="hint">–</span>
        ) : (
          <>
            {format.instant(endedAt)} <span class="hint">{reference ?? reason}</span>
          </>
        ),
    },
  ];
}
