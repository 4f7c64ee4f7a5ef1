import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { COMMISSION_TONES } from '../../payouts.ts';
import { useAnswer } from '../../queries.ts';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';

/** One commission: what it is of, how it stands, and what pays it. */
export default function CommissionPage({ params: { id = '' } }: PageProps) {
  const tools = useConsole();
  const { say, session } = tools;
  const { data, error, refetch } = useAnswer('GET /v1/commissions/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page title={say('commissions.one', { id })} lead={say('commissions.zone', { zone: session.timeZone })}>
      {error !== null && <Failed error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <Facts facts={factsOf(data, tools)} />
          {data.refundRequested && (
            <p>
              <Status tone="waiting">{say('commissions.refundOpen')}</Status>
            </p>
          )}
          <p class="actions">
            <To thing="ledger" id={`affiliate:${data.affiliateId}`}>
              {say('commissions.entries')}
            </To>
            <To thing="audit" id={`account:${data.affiliateId}`}>
              {say('commissions.trail')}
            </To>
          </p>
        </>
      )}
    </Page>
  );
}

function factsOf(
  commission: AnswerOf<'GET /v1/commissions/{id}'>,
  { say, format }: Pick<Console, 'say' | 'format'>,
): Fact[] {
  const { status, affiliateId, affiliateName, amount, kind, approvedAt, payday, payoutId } = commission;
  const { reverses, rejectedFor } = commission;
  const given = (label: string, value: string) => (value === '' ? [] : [{ label, value }]);
  return [
    {
      label: say('commissions.status'),
      value: <Status tone={COMMISSION_TONES[status]}>{say(`commissions.states.${status}`)}</Status>,
    },
    ...(rejectedFor === undefined
      ? []
      : [{ label: say('commissions.rejectedFor'), value: say(`commissions.${rejectedFor}`) }]),
    { label: say('commissions.amount'), value: format.money(amount), isNumber: true },
    { label: say('commissions.kind'), value: say(`commissions.kinds.${kind}`) },
    { label: say('commissions.affiliate'), value: <ToAccount id={affiliateId} name={affiliateName} /> },
    { label: say('commissions.paid'), value: format.instant(commission.paidAt) },
    { label: say('commissions.hold'), value: format.instant(commission.holdUntil) },
    ...(approvedAt === null ? [] : [{ label: say('commissions.approved'), value: format.instant(approvedAt) }]),
    ...(payday === null
      ? []
      : [
          {
            label: say('commissions.payday'),
            value: (
              <To thing="payday" id={payday}>
                {format.date(payday)}
              </To>
            ),
          },
        ]),
    ...(payoutId === null ? [] : [{ label: say('commissions.payout'), value: <To thing="payout" id={payoutId} /> }]),
    ...(reverses === undefined
      ? []
      : [{ label: say('commissions.reverses'), value: <To thing="commission" id={reverses} /> }]),
    ...given(say('commissions.subscription'), commission.subscriptionId),
    ...given(say('commissions.payment'), commission.paymentId),
    ...given(say('commissions.program'), commission.programId),
  ];
}
