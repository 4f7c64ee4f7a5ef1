import { useAddress } from '../../address.ts';
import type { AnswerOf, ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { ToLedger } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { monthIn } from './accountName.ts';

type Sums = { opening: number; debits: number; credits: number; closing: number };
type Class = AnswerOf<'GET /v1/ledger/trial-balance'>['classes'][number];
type Account = ItemOf<'GET /v1/ledger/trial-balance'>;

/** What each kind of account, and each account, had, got and gave in a month. */
export function TrialBalance({ month }: { month: string }) {
  const tools = useConsole();
  const { say, format } = tools;
  const list = useList('GET /v1/ledger/trial-balance', { query: { month } });
  const { first } = list;
  return (
    <Section title={say('ledger.trial')} actions={<CsvButton list={list} name={`trial-balance-${month}`} />}>
      <MonthForm month={month} />
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {first === undefined && list.error === null && <Loading />}
      {first !== undefined && (
        <>
          <p>
            {month}{' '}
            <Status tone={first.state === 'closed' ? 'good' : 'waiting'}>
              {say(first.state === 'closed' ? 'ledger.closed' : 'ledger.running')}
            </Status>
            {first.asOf !== null && ` ${say('series.now', { at: format.instant(first.asOf) })}`}
          </p>
          <DataTable
            caption={say('ledger.class')}
            columns={classColumns(tools)}
            file={`trial-balance-${month}-kinds`}
            rows={first.classes}
            idOf={(row) => row.class}
            nameOf={(row) => row.class}
            empty={say('ledger.none')}
            sortName="kinds"
          />
          <ListTable
            list={list}
            caption={say('ledger.accounts')}
            columns={accountColumns(tools)}
            idOf={({ account }) => account}
            nameOf={({ account }) => account}
            empty={say('ledger.none')}
          />
        </>
      )}
    </Section>
  );
}

function MonthForm({ month }: { month: string }) {
  const { say } = useConsole();
  const { change } = useAddress();
  return (
    <FilterForm
      said={month}
      label={say('ledger.month')}
      onShow={(typed) => change({ month: monthIn(typed.month ?? null) }, { push: true })}
    >
      <Field label={say('ledger.month')} name="month" value={month} hint="2026-11" isRequired />
    </FilterForm>
  );
}

function classColumns(tools: Console): Column<Class>[] {
  const { say, format } = tools;
  return [
    { key: 'class', header: say('ledger.class'), isName: true, cell: (row) => row.class, sortBy: (row) => row.class },
    {
      key: 'count',
      header: say('ledger.accounts'),
      isNumber: true,
      cell: ({ accounts }) => format.count(accounts),
      sortBy: ({ accounts }) => accounts,
    },
    ...sumColumns<Class>(tools),
  ];
}

function accountColumns(tools: Console): Column<Account>[] {
  return [
    {
      key: 'account',
      header: tools.say('ledger.account'),
      isName: true,
      sortBy: ({ account }) => account,
      cell: (row) => <ToLedger {...row} />,
    },
    ...sumColumns<Account>(tools),
  ];
}

function sumColumns<Row extends Sums>({ say, format }: Pick<Console, 'say' | 'format'>): Column<Row>[] {
  return (['opening', 'debits', 'credits', 'closing'] as const).map((key) =>
    amounts({ key, header: say(`ledger.${key}`), of: (row) => row[key] }, format),
  );
}
