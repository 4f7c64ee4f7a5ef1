import type { Console } from '../../context.ts';
import { COMMISSION_TONES, type Commission } from '../../payouts.ts';
import { personColumn } from '../../ui/personColumn.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';

export function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Commission>[] {
  return [
    {
      key: 'commission',
      header: say('commissions.commission'),
      isName: true,
      sortBy: ({ commissionId }) => commissionId,
      cell: ({ commissionId }) => <To thing="commission" id={commissionId} />,
    },
    personColumn({
      ...{ key: 'affiliate', header: say('commissions.affiliate') },
      of: ({ affiliateId, affiliateName }) => ({ id: affiliateId, name: affiliateName }),
    }),
    {
      key: 'kind',
      header: say('commissions.kind'),
      sortBy: ({ kind }) => kind,
      cell: ({ kind }) => say(`commissions.kinds.${kind}`),
    },
    {
      key: 'status',
      header: say('commissions.status'),
      sortBy: ({ status }) => status,
      cell: ({ status }) => <Status tone={COMMISSION_TONES[status]}>{say(`commissions.states.${status}`)}</Status>,
    },
    amounts({ key: 'amount', header: say('commissions.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'paid',
      header: say('commissions.paid'),
      sortBy: ({ paidAt }) => paidAt,
      cell: ({ paidAt }) => format.instant(paidAt),
    },
    {
      key: 'payday',
      header: say('commissions.payday'),
      sortBy: ({ payday }) => payday,
      cell: ({ payday }) =>
        payday !== null && (
          <To thing="payday" id={payday}>
            {format.date(payday)}
          </To>
        ),
    },
  ];
}
