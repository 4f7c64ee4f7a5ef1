import { actorWords } from '../../actors.ts';
import { type Console, useConsole } from '../../context.ts';
import { ReleaseDialog } from '../../payouts/holds.tsx';
import type { Batch } from '../../payouts/states.tsx';
import { allows } from '../../session.ts';
import type { OnClose } from '../../ui/Act.tsx';
import { Actor } from '../../ui/Actor.tsx';
import { ActsOnChosen } from '../../ui/ActsOnChosen.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { personColumn } from '../../ui/personColumn.tsx';
import { chosen, useSelection } from '../../ui/selection.ts';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { IncludeDialog } from './lineActs.tsx';

type Kind = 'held' | 'excluded';
type Row = Batch['excluded'][number];
type Props = { date: string; batch: Batch; kind: Kind; accountId: string | undefined };

/** What is kept out of the batch, why and by whom; and the way back into it. */
export function LeftOut({ date, batch, kind, accountId }: Props) {
  const tools = useConsole();
  const { say, format, session } = tools;
  const selection = useSelection();
  const rows: Row[] = (
    kind === 'held' ? batch.held.map(({ until, ...line }) => ({ ...line, at: until })) : batch.excluded
  ).filter((line) => accountId === undefined || line.accountId === accountId);
  const items = chosen(rows, selection, idOf);
  const Dialog = kind === 'held' ? ReleasePayouts : IncludeDialog;
  return (
    <>
      <DataTable
        caption={say(`line.views.${kind}`)}
        columns={columnsOf(tools, kind)}
        file={`payouts-${date}-${kind}`}
        rows={rows}
        idOf={idOf}
        nameOf={idOf}
        selection={allows(session, 'payouts.prepare') ? selection : undefined}
        empty={say('line.empty')}
      />
      <ActsOnChosen
        {...{ selection, count: items.length, acts: [kind], of: WAYS_BACK }}
        sum={format.money(items.reduce((sum, { amount }) => sum + amount, 0))}
        dialogOf={(_, onClose) => <Dialog date={date} items={items} onClose={onClose} />}
      />
    </>
  );
}

const WAYS_BACK = { held: { label: 'line.release' }, excluded: { label: 'line.include' } } as const;

function ReleasePayouts({ items, onClose }: { items: readonly Row[]; onClose: OnClose }) {
  return (
    <ReleaseDialog
      of="payout"
      items={items.map(({ payoutId, amount }) => ({ id: payoutId, amount }))}
      onClose={onClose}
    />
  );
}

function idOf({ payoutId }: Row): string {
  return payoutId;
}

function columnsOf({ say, format }: Console, kind: Kind): Column<Row>[] {
  return [
    {
      key: 'payout',
      header: say('payout.payout'),
      isName: true,
      sortBy: idOf,
      cell: ({ payoutId }) => <To thing="payout" id={payoutId} />,
    },
    personColumn({
      ...{ key: 'account', header: say('payout.account') },
      of: ({ accountId: id, name }) => ({ id, name }),
    }),
    amounts({ key: 'amount', header: say('payout.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'at',
      header: say(kind === 'held' ? 'line.until' : 'line.since'),
      sortBy: ({ at }) => at,
      file: ({ at }) => at,
      cell: ({ at }) => format.instant(at),
    },
    { key: 'reason', header: say('act.reason'), cell: ({ reason }) => reason },
    {
      key: 'by',
      header: say('line.by'),
      sortBy: ({ by }) => actorWords(by, say),
      cell: ({ by }) => <Actor actor={by} />,
    },
  ];
}
