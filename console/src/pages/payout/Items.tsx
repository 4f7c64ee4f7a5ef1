import { type Console, useConsole } from '../../context.ts';
import type { Payout } from '../../payouts/states.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';

type Item = Payout['items'][number];

/** The commissions that a payout pays, and what else its amount is made of. */
export function Items({ payout: { payoutId, items } }: { payout: Payout }) {
  const tools = useConsole();
  const { say } = tools;
  return (
    <Section title={say('payout.items')}>
      <DataTable
        caption={say('payout.items')}
        columns={columnsOf(tools)}
        file={`items-${payoutId}`}
        rows={items}
        idOf={({ commissionId }) => commissionId}
        nameOf={({ commissionId }) => commissionId}
        empty={say('payout.noItems')}
      />
    </Section>
  );
}

function columnsOf({ say, format }: Console): Column<Item>[] {
  return [
    {
      key: 'item',
      header: say('payout.item'),
      isName: true,
      sortBy: ({ commissionId }) => commissionId,
      cell: ({ commissionId, kind }) =>
        kind === 'commission' ? <To thing="commission" id={commissionId} /> : commissionId,
    },
    {
      key: 'kind',
      header: say('change.kind'),
      sortBy: ({ kind }) => kind,
      cell: ({ kind }) => say(`payout.kind.${kind}`),
    },
    amounts({ key: 'amount', header: say('payout.amount'), of: ({ amount }) => amount }, format),
  ];
}
