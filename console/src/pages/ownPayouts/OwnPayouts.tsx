import { useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import { PAYOUT_TONES, type Payout } from '../../payouts.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Run } from '../../ui/Run.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { Told } from '../../ui/Told.tsx';
import { amounts, type Column } from '../../ui/table.ts';

/** What was paid out and will be, and where it goes. */
export default function OwnPayouts() {
  const tools = useConsole();
  const { session, say } = tools;
  const { accountId } = session.account;
  const command = useCommand();
  return (
    <Page title={say('nav.payouts')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <Section title={say('own.outlook')}>
        {/* The payouts themselves are below, with all their pages. */}
        <Told line="/payouts" command={command} without={['title', 'table', 'buttons']} />
        <div class="actions">
          <Run line="/dispute" command={command} weight="quiet">
            {say('own.dispute')}
          </Run>
        </div>
      </Section>
      <ListSection
        title={say('nav.payouts')}
        operation="GET /v1/payouts"
        input={{ query: { accountId } }}
        columns={columnsOf(tools)}
        idOf={({ payoutId }) => payoutId}
        empty={say('own.noPayouts')}
        file="payouts"
      />
    </Page>
  );
}

function columnsOf({ say, format }: Console): Column<Payout>[] {
  return [
    {
      key: 'payday',
      header: say('own.payday'),
      isName: true,
      sortBy: ({ cycle }) => cycle,
      cell: ({ payoutId, cycle }) => (
        <To thing="payout" id={payoutId}>
          {format.date(cycle)}
        </To>
      ),
    },
    amounts({ key: 'amount', header: say('own.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'state',
      header: say('invoice.state'),
      sortBy: ({ status }) => status,
      cell: ({ status, held }) => (
        <>
          <Status tone={PAYOUT_TONES[status]}>{say(`own.payoutStates.${status}`)}</Status>
          {held !== null && (
            <Status tone="waiting">{say('own.heldUntil', { until: format.instant(held.until) })}</Status>
          )}
        </>
      ),
    },
    {
      key: 'count',
      header: say('own.count'),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => format.count(count),
    },
  ];
}
