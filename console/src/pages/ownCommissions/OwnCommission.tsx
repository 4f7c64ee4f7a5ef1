import { type Commands, useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { COMMISSION_TONES, type Commission, type Payout } from '../../payouts.ts';
import { useAnswer } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Thing } from '../../ui/Thing.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';
import { To } from '../../ui/To.tsx';
import { Told } from '../../ui/Told.tsx';
import { Failed } from '../../ui/Wait.tsx';

/** One commission on a line of time, from the charge to the payday, and its story from the trial on. */
export default function OwnCommission({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const command = useCommand();
  const read = useAnswer('GET /v1/commissions/{id}', { path: { id } });
  return (
    <>
      <AnswerDialog command={command} />
      <Thing title={say('nav.commissions')} read={read}>
        {(commission) => <Shown commission={commission} command={command} />}
      </Thing>
    </>
  );
}

function Shown({ commission, command }: { commission: Commission; command: Commands }) {
  const tools = useConsole();
  const { say, format, session } = tools;
  const { commissionId, amount, status, payoutId } = commission;
  const payout = useAnswer('GET /v1/payouts/{id}', { path: { id: payoutId ?? '' } }, { enabled: payoutId !== null });
  return (
    <Page title={say('own.commissionTitle', { commissionId })} lead={say('own.zone', { zone: session.timeZone })}>
      <Facts
        facts={[
          { label: say('own.amount'), value: format.money(amount), isNumber: true },
          {
            label: say('invoice.state'),
            value: <Status tone={COMMISSION_TONES[status]}>{say(`own.commissionStates.${status}`)}</Status>,
          },
          ...(payoutId === null
            ? []
            : [
                {
                  label: say('own.payout'),
                  value: (
                    <To thing="payout" id={payoutId}>
                      {commission.payday === null ? payoutId : format.date(commission.payday)}
                    </To>
                  ),
                },
              ]),
        ]}
      />
      <Section title={say('own.when')}>
        {payout.error !== null && <Failed error={payout.error} again={payout.refetch} />}
        <Timeline moments={momentsOf(commission, payout.data, tools)} label={say('own.when')} />
      </Section>
      <Section title={say('own.story')}>
        <Told line={`/why ${commissionId}`} command={command} />
      </Section>
    </Page>
  );
}

/** As far as it has come, and what is still to come. */
export function momentsOf(
  { paidAt, holdUntil, approvedAt, payday, status }: Commission,
  payout: Pick<Payout, 'status' | 'endedAt'> | undefined,
  { say, now }: Pick<Console, 'say' | 'now'>,
): Moment[] {
  const isAhead = (at: string) => Date.parse(at) > now().getTime();
  const isOver = status === 'rejected';
  const paidOut = payout?.status === 'paid' ? payout.endedAt : null;
  return [
    { id: 'charge', at: paidAt, what: say('own.chargedAt') },
    ...(isOver ? [] : [{ id: 'hold', at: holdUntil, what: say('own.holdEnds'), isAhead: isAhead(holdUntil) }]),
    ...(approvedAt === null
      ? []
      : [{ id: 'approved', at: approvedAt, what: say('own.approvedAt'), tone: 'good' as const }]),
    ...(payday === null || paidOut !== null
      ? []
      : [{ id: 'payday', at: payday, what: say('own.payday'), isAhead: isAhead(payday) }]),
    ...(paidOut === null || paidOut === undefined
      ? []
      : [{ id: 'paid', at: paidOut, what: say('own.paidOut'), tone: 'good' as const }]),
  ];
}
