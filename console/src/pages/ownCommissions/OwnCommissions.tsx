import { oneOf, useAddress } from '../../address.ts';
import { type Console, useConsole } from '../../context.ts';
import { COMMISSION_STATUSES, COMMISSION_TONES, type Commission } from '../../payouts.ts';
import { ListSection } from '../../ui/ListSection.tsx';
import { Page } from '../../ui/Page.tsx';
import { StateChoice } from '../../ui/StateChoice.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';

/** All commissions of an affiliate. */
export default function OwnCommissions() {
  const tools = useConsole();
  const { session, say } = tools;
  const { params } = useAddress();
  const status = oneOf(params, 'status', ['', ...COMMISSION_STATUSES]);
  const query = { affiliateId: session.account.accountId, ...(status === '' ? {} : { status }) };
  return (
    <Page title={say('nav.commissions')} lead={say('own.zone', { zone: session.timeZone })}>
      <ListSection
        title={say('nav.commissions')}
        operation="GET /v1/commissions"
        input={{ query }}
        columns={columnsOf(tools)}
        idOf={({ commissionId }) => commissionId}
        empty={say('own.noCommissions')}
        file="commissions"
      >
        <div class="filter">
          <StateChoice
            value={status}
            states={COMMISSION_STATUSES}
            wordsOf={(one) => say(`own.commissionStates.${one}`)}
          />
        </div>
      </ListSection>
    </Page>
  );
}

function columnsOf({ say, format }: Console): Column<Commission>[] {
  return [
    {
      key: 'id',
      header: say('own.commission'),
      isName: true,
      sortBy: ({ commissionId }) => commissionId,
      cell: ({ commissionId }) => <To thing="commission" id={commissionId} />,
    },
    amounts({ key: 'amount', header: say('own.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'state',
      header: say('invoice.state'),
      sortBy: ({ status }) => status,
      cell: ({ status }) => <Status tone={COMMISSION_TONES[status]}>{say(`own.commissionStates.${status}`)}</Status>,
    },
    {
      key: 'paid',
      header: say('own.chargedAt'),
      sortBy: ({ paidAt }) => paidAt,
      cell: ({ paidAt }) => format.instant(paidAt),
    },
    {
      key: 'hold',
      header: say('own.holdUntil'),
      sortBy: ({ holdUntil }) => holdUntil,
      cell: ({ holdUntil }) => format.instant(holdUntil),
    },
    {
      key: 'payday',
      header: say('own.payday'),
      sortBy: ({ payday }) => payday,
      cell: ({ payday }) => (payday === null ? '–' : format.date(payday)),
    },
  ];
}
