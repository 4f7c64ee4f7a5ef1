import type { Period } from '../kernel/calendar.ts';
import type { Cents } from '../kernel/money.ts';
import type { PayoutView } from './payout.ts';
import type { PayoutCalendar } from './payoutCycle.ts';
import type { Payouts } from './payouts.ts';
import type { AffiliateStore } from './store.ts';

/** A commission as a payout pays it; `approvedAt` of a correction is when its cause arrived (rules 5.6). */
export type StatementLine = {
  commissionId: string;
  programId: string;
  paidAt: Date;
  approvedAt: Date;
  amount: Cents;
  reverses?: string;
};

/** What a payout is made of. `approvals`: the period of its cycle; a marketer's has no lines. */
export type Statement = { payout: PayoutView; approvals: Period; lines: StatementLine[] };

export type Statements = ReturnType<typeof createStatements>;

/** Reads payouts with everything in them. */
export function createStatements(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  payouts: Pick<Payouts, 'get' | 'items'>;
  payoutCalendar: Pick<PayoutCalendar, 'periodOf'>;
}) {
  /** The statement of a payout, its lines in the order of their approval; null when there is no such payout. */
  async function get(payoutId: string): Promise<Statement | null> {
    const payout = await deps.payouts.get(payoutId);
    if (payout === null) return null;
    const lines: StatementLine[] = [];
    for await (const items of deps.payouts.items(payoutId)) {
      const found = await deps.store.commissions
        .find({ _id: { $in: items.map(({ commissionId }) => commissionId) } })
        .toArray();
      const byId = new Map(found.map((one) => [one._id, one]));
      for (const { commissionId, amount } of items) {
        const stored = byId.get(commissionId);
        if (stored === undefined) continue;
        const { programId, paidAt, holdUntil: approvedAt, reverses } = stored;
        lines.push({
          commissionId,
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
