import type { Period } from '../../kernel/calendar.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { ItemName } from '../items.ts';
import type { AffiliateStore } from '../store.ts';
import type { PayoutView } from './payout.ts';
import type { PayoutCalendar } from './payoutCycle.ts';
import type { Payouts } from './payouts.ts';

/** A commission, or an item of no sale, as a payout pays it; `approvedAt` of a correction is when its cause arrived (rules 5.6). */
export type StatementLine = {
  commissionId: string;
  kind: ItemName;
  programId: string;
  paidAt: Date;
  approvedAt: Date;
  amount: MinorUnits;
  reverses?: string;
};

/** What a payout is made of. `approvals`: the period of its cycle. What was earned as a marketer has no lines. */
export type Statement = { payout: PayoutView; approvals: Period; lines: StatementLine[] };

const BATCH = 1_000;

export type Statements = ReturnType<typeof createStatements>;

/** Reads payouts with everything in them. */
export function createStatements(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  payouts: Pick<Payouts, 'get' | 'itemsOf'>;
  payoutCalendar: Pick<PayoutCalendar, 'periodOf'>;
}) {
  /** The statement of a payout, its lines in the order of their approval; null when there is no such payout. */
  async function get(payoutId: string): Promise<Statement | null> {
    const payout = await deps.payouts.get(payoutId);
    if (payout === null) return null;
    const items = (await deps.payouts.itemsOf([payoutId])).get(payoutId) ?? [];
    const lines: StatementLine[] = [];
    for (let from = 0; from < items.length; from += BATCH) {
      const batch = new Map(items.slice(from, from + BATCH).map(({ commissionId, amount }) => [commissionId, amount]));
      const found = await deps.store.commissions.find({ _id: { $in: [...batch.keys()] } }).toArray();
      for (const { _id: commissionId, ...stored } of found) {
        const amount = batch.get(commissionId) ?? stored.amount;
        const { kind, programId, paidAt, holdUntil, reverses } = stored;
        const approvedAt = stored.approvesAt ?? holdUntil;
        lines.push({
          commissionId,
          kind: kind ?? 'commission',
          programId,
          paidAt,
          approvedAt,
          amount,
          ...(reverses === undefined ? {} : { reverses }),
        });
      }
    }
    return { payout, approvals: deps.payoutCalendar.periodOf(payout.cycle), lines: lines.sort(byApproval) };
  }

  return { get };
}

function byApproval(a: StatementLine, b: StatementLine): number {
  return a.approvedAt.getTime() - b.approvedAt.getTime() || (a.commissionId < b.commissionId ? -1 : 1);
}
