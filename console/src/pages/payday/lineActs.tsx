import type { ComponentType } from 'preact';

import { useConsole } from '../../context.ts';
import { HoldDialog, ReleaseDialog } from '../../payouts/holds.tsx';
import type { Batch, Payout } from '../../payouts/states.tsx';
import type { PlainKey } from '../../say.ts';
import { allows, type Session } from '../../session.ts';
import { Act, type OnClose } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';

type Line = Pick<Payout, 'payoutId' | 'amount'>;
type DialogProps = { date: string; items: readonly Line[]; onClose: OnClose };
type ActOnLines = { label: PlainKey; Dialog: ComponentType<DialogProps>; isUntilApproved?: true };

/** What can be done with chosen payouts of a payday; all of it prepares it. */
export const LINE_ACTS = {
  hold: { label: 'line.hold', Dialog: HoldPayouts },
  release: { label: 'line.release', Dialog: ReleasePayouts },
  exclude: { label: 'line.exclude', Dialog: ExcludeDialog, isUntilApproved: true },
} satisfies Record<string, ActOnLines> as Record<'hold' | 'release' | 'exclude', ActOnLines>;

export type LineActName = keyof typeof LINE_ACTS;

/** Those that the session has the scope for, and that are of use where the batch stands; the service decides again. */
export function lineActsOf(session: Session, { state }: Pick<Batch, 'state'>): LineActName[] {
  if (!allows(session, 'payouts.prepare')) return [];
  const isOpen = state === 'drawn-up' || state === 'checked';
  return (Object.keys(LINE_ACTS) as LineActName[]).filter((name) => isOpen || !LINE_ACTS[name].isUntilApproved);
}

function HoldPayouts({ items, onClose }: DialogProps) {
  return <HoldDialog of="payout" items={items.map(heldOf)} onClose={onClose} />;
}

function ReleasePayouts({ items, onClose }: DialogProps) {
  return <ReleaseDialog of="payout" items={items.map(heldOf)} onClose={onClose} />;
}

function ExcludeDialog({ date, items, onClose }: DialogProps) {
  const { api, say } = useConsole();
  return (
    <Act
      {...useLines(items)}
      title={say('line.excludeTitle', { count: items.length })}
      what={say('line.excludeWhat')}
      doIt={say('line.excludeDo', { count: items.length })}
      perform={({ payoutId }, { reason = '' }, idempotencyKey) =>
        api.call('POST /v1/payout-cycles/{date}/exclude', {
          path: { date },
          body: { payoutId, reason },
          idempotencyKey,
        })
      }
      onClose={onClose}
    >
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

/** Puts what was excluded back. */
export function IncludeDialog({ date, items, onClose }: DialogProps) {
  const { api, say } = useConsole();
  return (
    <Act
      {...useLines(items)}
      title={say('line.includeTitle', { count: items.length })}
      what={say('line.includeWhat')}
      doIt={say('line.includeDo', { count: items.length })}
      perform={({ payoutId }, _, idempotencyKey) =>
        api.call('POST /v1/payout-cycles/{date}/include', { path: { date }, body: { payoutId }, idempotencyKey })
      }
      onClose={onClose}
    />
  );
}

function useLines(items: readonly Line[]) {
  const { format } = useConsole();
  return {
    items,
    idOf: ({ payoutId }: Line) => payoutId,
    nameOf: ({ payoutId }: Line) => payoutId,
    detailOf: ({ amount }: Line) => format.money(amount),
    sum: format.money(items.reduce((sum, { amount }) => sum + amount, 0)),
  };
}

function heldOf({ payoutId, amount }: Line) {
  return { id: payoutId, amount };
}
