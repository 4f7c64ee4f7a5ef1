import { type Commands, useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { PAYOUT_TONES, type Payout } from '../../payouts.ts';
import { useAnswer } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { FileButton } from '../../ui/Download.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Thing } from '../../ui/Thing.tsx';
import { To } from '../../ui/To.tsx';
import { Told } from '../../ui/Told.tsx';
import { amounts, type Column } from '../../ui/table.ts';

type Item = Payout['items'][number];

/** One payout with its statement, and what it is made of. */
export default function OwnPayout({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const command = useCommand();
  const read = useAnswer('GET /v1/payouts/{id}', { path: { id } });
  return (
    <>
      <AnswerDialog command={command} />
      <Thing title={say('nav.payout')} read={read}>
        {(payout) => <Shown payout={payout} command={command} />}
      </Thing>
    </>
  );
}

function Shown({ payout, command }: { payout: Payout; command: Commands }) {
  const tools = useConsole();
  const { say, format, session } = tools;
  const { payoutId, cycle, items } = payout;
  const input = { path: { id: payoutId } };
  return (
    <Page
      title={say('own.payoutOf', { payday: format.date(cycle) })}
      lead={say('own.zone', { zone: session.timeZone })}
      actions={
        <>
          <FileButton
            operation="GET /v1/payouts/{id}/pdf"
            input={input}
            name={`statement-${payoutId}.pdf`.replaceAll(':', '-')}
            label={say('own.statement')}
          />
          <FileButton
            operation="GET /v1/payouts/{id}/csv"
            input={input}
            name={`payout-${payoutId}.csv`.replaceAll(':', '-')}
            label={say('table.csv')}
          />
        </>
      }
    >
      <Facts facts={factsOf(payout, tools)} />
      {items.length > 0 && (
        <Section title={say('own.madeOf')}>
          <DataTable
            caption={say('own.madeOf')}
            columns={itemColumns(tools)}
            file={`items-${payoutId}`.replaceAll(':', '-')}
            rows={items}
            idOf={({ commissionId }) => commissionId}
            nameOf={({ commissionId }) => commissionId}
          />
        </Section>
      )}
      <Section title={say('own.story')}>
        <Told line={`/why ${payoutId}`} command={command} />
      </Section>
    </Page>
  );
}

function factsOf({ amount, parts, status, held, reference, number, reason }: Payout, { say, format }: Console): Fact[] {
  return [
    { label: say('own.amount'), value: format.money(amount), isNumber: true },
    { label: say('own.commissions'), value: format.money(parts.commissions), isNumber: true },
    { label: say('own.asMarketer'), value: format.money(parts.earnings), isNumber: true },
    {
      label: say('invoice.state'),
      value: <Status tone={PAYOUT_TONES[status]}>{say(`own.payoutStates.${status}`)}</Status>,
    },
    ...(held === null
      ? []
      : [
          {
            label: say('own.held'),
            value: `${say('own.heldUntil', { until: format.instant(held.until) })}: ${held.reason}`,
          },
        ]),
    ...(number === undefined ? [] : [{ label: say('own.number'), value: number }]),
    ...(reference === null ? [] : [{ label: say('own.reference'), value: reference }]),
    ...(reason === null ? [] : [{ label: say('own.why'), value: reason }]),
  ];
}

function itemColumns({ say, format, session }: Console): Column<Item>[] {
  const mayOpen = session.account.role === 'affiliate';
  return [
    {
      key: 'id',
      header: say('own.commission'),
      isName: true,
      sortBy: ({ commissionId }) => commissionId,
      cell: ({ commissionId, kind }) =>
        mayOpen && kind === 'commission' ? <To thing="commission" id={commissionId} /> : commissionId,
    },
    { key: 'kind', header: say('own.type'), cell: ({ kind }) => say(`own.itemKinds.${kind}`) },
    amounts({ key: 'amount', header: say('own.amount'), of: ({ amount }) => amount }, format),
  ];
}
