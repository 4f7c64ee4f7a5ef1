import type { ItemOf } from '../../api.ts';
import { useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import { useAnswer, useList } from '../../queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { MessageCard } from '../../ui/MessageCard.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';

type Invoice = ItemOf<'GET /v1/invoices'>;

/** A model's first page: how they stand, and their invoices with what is to be paid. */
export default function ModelHome() {
  const { session, say } = useConsole();
  const { accountId, name } = session.account;
  const command = useCommand();
  return (
    <Page title={say('home.title', { name })}>
      {command.error !== undefined && <Failed error={command.error} />}
      {command.answer !== undefined && (
        <MessageCard
          message={command.answer}
          onCommand={(line) => void command.run(line)}
          isRunning={command.running !== undefined}
        />
      )}
      <StandingFacts modelId={accountId} />
      <Invoices modelId={accountId} isPaying={command.running !== undefined} onPay={(line) => void command.run(line)} />
    </Page>
  );
}

function StandingFacts({ modelId }: { modelId: string }) {
  const { say, format } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/models/{id}/standing', { path: { id: modelId } });
  if (error !== null) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  const { campaigns, cplOrders, overdue, paidOnTime, invoices, reasons } = data;
  return (
    <Section title={say('home.standing')}>
      <Facts
        facts={[
          { label: say('home.overdue'), value: format.money(overdue.total), isNumber: true },
          {
            label: say('home.campaigns'),
            value: <Status tone={campaigns === 'running' ? 'good' : 'bad'}>{say(`states.${campaigns}`)}</Status>,
          },
          {
            label: say('home.orders'),
            value: <Status tone={cplOrders === 'allowed' ? 'good' : 'bad'}>{say(`states.${cplOrders}`)}</Status>,
          },
          { label: say('home.onTime'), value: say('home.onTimeOf', { paid: paidOnTime, count: invoices }) },
        ]}
      />
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </Section>
  );
}

type InvoicesProps = { modelId: string; isPaying: boolean; onPay(line: string): void };

function Invoices({ modelId, isPaying, onPay }: InvoicesProps) {
  const tools = useConsole();
  const { say } = tools;
  const list = useList('GET /v1/invoices', { query: { modelId } });
  return (
    <Section title={say('home.invoices')}>
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {list.items === undefined ? (
        list.error === null && <Loading />
      ) : (
        <DataTable
          caption={say('home.invoices')}
          columns={columnsOf(tools, isPaying, onPay)}
          rows={list.items}
          idOf={({ invoiceId }) => invoiceId}
          nameOf={({ invoiceId }) => invoiceId}
          empty={say('invoice.none')}
          {...list}
        />
      )}
    </Section>
  );
}

function columnsOf({ say, format }: Console, isPaying: boolean, onPay: InvoicesProps['onPay']): Column<Invoice>[] {
  return [
    {
      key: 'week',
      header: say('invoice.week'),
      isName: true,
      sortBy: ({ week }) => week,
      cell: ({ invoiceId, week }) => (
        <To thing="invoice" id={invoiceId}>
          {format.week(week)}
        </To>
      ),
    },
    {
      key: 'total',
      header: say('invoice.total'),
      isNumber: true,
      sortBy: ({ total }) => total,
      cell: ({ total }) => format.money(total),
    },
    {
      key: 'state',
      header: say('invoice.state'),
      cell: ({ status }) => <Status tone={TONES[status]}>{say(`invoice.${status}`)}</Status>,
    },
    {
      key: 'due',
      header: say('invoice.due'),
      sortBy: ({ dueAt }) => dueAt,
      cell: ({ dueAt }) => format.instant(dueAt),
    },
    {
      key: 'pay',
      header: say('home.pay'),
      cell: ({ invoiceId, status, week }) =>
        (status === 'open' || status === 'overdue') && (
          <button
            type="button"
            class="main"
            disabled={isPaying}
            aria-label={say('home.payOf', { week: format.week(week) })}
            onClick={() => onPay(`/pay ${invoiceId}`)}
          >
            {say('home.pay')}
          </button>
        ),
    },
  ];
}

const TONES: Record<Invoice['status'], Tone> = {
  open: 'waiting',
  overdue: 'bad',
  completed: 'good',
  void: 'ended',
  written_off: 'ended',
  credited: 'good',
};
