import '../../payouts/payouts.css';

import { Link } from 'wouter-preact';
import { oneOf, useAddress } from '../../address.ts';
import type { AnswerOf, ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useAnswer, useList } from '../../queries.ts';
import { Choice } from '../../ui/Choice.tsx';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { personColumn } from '../../ui/personColumn.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';

type Preview = AnswerOf<'GET /v1/simulate/{run}'>;
type Row = ItemOf<'GET /v1/simulate/{run}/rows'>;
type Run = Preview['run'];

const RUNS = ['monday', 'payday'] as const;
const VIEWS = ['all', 'payout', 'open', 'credited', 'carried', 'debited'] as const;
const TONES: Record<Row['outcome'], Tone> = {
  payout: 'good',
  open: 'waiting',
  credited: 'good',
  carried: 'ended',
  debited: 'good',
};

/** What the next Monday, or the next payday, would do by what is known now. */
export default function Simulate({ params }: { params: Readonly<Record<string, string>> }) {
  const { run: asked = 'monday' } = params;
  const run = RUNS.find((one) => one === asked);
  return run === undefined ? <Missing /> : <OneRun key={run} run={run} />;
}

function OneRun({ run }: { run: Run }) {
  const { say, format, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/simulate/{run}', { path: { run } });
  const asOf =
    data === undefined ? [] : [say('health.lead', { at: format.instant(data.asOf), zone: session.timeZone })];
  return (
    <Page title={say(`simulate.${run}`)} lead={[say('simulate.lead'), ...asOf].join(' ')}>
      <nav class="actions page-acts" aria-label={say('simulate.which')}>
        {RUNS.map((one) => (
          <Link key={one} class="button" href={`/simulate/${one}`} aria-current={one === run ? 'page' : undefined}>
            {say(`simulate.${one}`)}
          </Link>
        ))}
      </nav>
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined ? error === null && <Loading /> : <Sums preview={data} />}
      <Rows run={run} />
    </Page>
  );
}

/** What it comes to, by what would become of it, and against the run before. */
function Sums({ preview: { run, period, at, made, byOutcome, last, difference } }: { preview: Preview }) {
  const { say, format } = useConsole();
  const sum = ({ count, total }: { count: number; total: number }) =>
    say('finding.sum', { count, total: format.money(total) });
  const periodOf = (one: string) => (run === 'monday' ? format.week(one) : format.date(one));
  return (
    <Facts
      facts={[
        { label: say(run === 'monday' ? 'invoice.week' : 'payday.day'), value: periodOf(period) },
        { label: say('simulate.at'), value: format.instant(at) },
        { label: say(run === 'monday' ? 'simulate.invoices' : 'payday.payouts'), value: sum(made), isNumber: true },
        ...Object.entries(byOutcome).map(([outcome, part]) => ({
          label: say(`simulate.outcome.${outcome as Row['outcome']}`),
          value: sum(part),
          isNumber: true,
        })),
        ...(last === null || difference === null
          ? []
          : [
              { label: say('simulate.last', { period: periodOf(last.period) }), value: sum(last), isNumber: true },
              {
                label: say('simulate.difference'),
                value: `${difference.total > 0 ? '+' : ''}${format.money(difference.total)}`,
                isNumber: true,
              },
            ]),
      ]}
    />
  );
}

function Rows({ run }: { run: Run }) {
  const tools = useConsole();
  const { say } = tools;
  const { params } = useAddress();
  const view = oneOf(params, 'outcome', VIEWS);
  const list = useList('GET /v1/simulate/{run}/rows', {
    path: { run },
    query: view === 'all' ? {} : { outcome: view },
  });
  return (
    <Section title={say('simulate.rows')} actions={<CsvButton list={list} name={`${run}-${view}`} />}>
      <div class="filter">
        <Choice
          label={say('simulate.show')}
          name="outcome"
          value={view}
          choices={VIEWS.map((value) => ({
            value,
            label: value === 'all' ? say('simulate.all') : say(`simulate.outcome.${value}`),
          }))}
        />
      </div>
      <ListTable
        list={list}
        caption={say('simulate.rows')}
        columns={columnsOf(tools, run)}
        idOf={({ accountId, outcome }) => `${accountId} ${outcome}`}
        nameOf={({ name }) => name}
        empty={say('simulate.none')}
      />
    </Section>
  );
}

function columnsOf({ say, format }: Console, run: Run): Column<Row>[] {
  const parts = (['commissions', 'earnings'] as const).map(
    (part): Column<Row> => ({
      key: part,
      header: say(`payout.${part}`),
      isNumber: true,
      sortBy: ({ [part]: amount }) => amount,
      cell: ({ [part]: amount }) => (amount === null ? <span class="hint">–</span> : format.money(amount)),
    }),
  );
  return [
    personColumn({
      ...{ key: 'account', header: say('payout.account'), isName: true },
      of: ({ accountId: id, name }) => ({ id, name }),
    }),
    {
      key: 'outcome',
      header: say('simulate.becomes'),
      sortBy: ({ outcome }) => outcome,
      cell: ({ outcome, why }) => (
        <>
          <Status tone={TONES[outcome]}>{say(`simulate.outcome.${outcome}`)}</Status>
          {why !== null && <span class="hint"> {say(`simulate.why.${why}`)}</span>}
        </>
      ),
    },
    amounts({ key: 'amount', header: say('payout.amount'), of: ({ amount }) => amount }, format),
    ...(run === 'payday' ? parts : []),
    {
      key: 'count',
      header: say(run === 'payday' ? 'simulate.commissions' : 'simulate.lines'),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => format.count(count),
    },
  ];
}
