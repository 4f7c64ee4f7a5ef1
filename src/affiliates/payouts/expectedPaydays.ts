import type { Clock } from '../../kernel/clock.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Sales } from '../../sales/sales.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import { createCycleAssignment } from './cycleAssignment.ts';
import { decideDue, minimumOf, minimumsOf, together } from './minimums.ts';
import type { PayoutCalendar } from './payoutCycle.ts';

/** What an affiliate can expect of a payday, as things stand: `firm` is approved, `pending` still in its hold. */
export type ExpectedPayday = {
  cycle: CycleDate;
  firm: { count: number; total: MinorUnits };
  pending: { count: number; total: MinorUnits; lastHoldUntil: Date | null };
  /** The largest minimum of its programs; below it all of it is carried over (rules 6.2). */
  minimum: MinorUnits;
  carried: boolean;
};

type Row = {
  _id: { cycle: CycleDate; firm: boolean };
  count: number;
  total: MinorUnits;
  last: Date;
  programIds: string[];
};

export type ExpectedPaydays = ReturnType<typeof createExpectedPaydays>;

/** Looks ahead for one affiliate: what will be paid when. */
export function createExpectedPaydays(deps: {
  store: Pick<AffiliateStore, 'commissions' | 'cycles'>;
  sales: Pick<Sales, 'programVersions'>;
  payoutCalendar: PayoutCalendar;
  clock: Clock;
}) {
  const cycleAssignment = createCycleAssignment(deps);

  /** The paydays that something is booked for, the next one first. What is carried over is in the later ones only then. */
  async function paydaysOf(affiliateId: string, now: Date): Promise<ExpectedPayday[]> {
    const begun = await cycleAssignment.through();
    const rows = await deps.store.commissions
      .aggregate<Row>([
        {
          $match: {
            affiliateId,
            cycle: { $gt: begun },
            state: { $in: ['pending', 'approved'] },
            listedFrom: { $lte: now },
          },
        },
        {
          $group: {
            _id: { cycle: '$cycle', firm: { $or: [{ $eq: ['$state', 'approved'] }, { $lte: ['$approvesAt', now] }] } },
            count: { $sum: 1 },
            total: { $sum: '$amount' },
            last: { $max: '$approvesAt' },
            programIds: { $addToSet: '$programId' },
          },
        },
      ])
      .toArray();
    const cycles = [...new Set(rows.map(({ _id }) => _id.cycle))].sort();
    return Promise.all(
      cycles.map((cycle) =>
        expected(
          cycle,
          rows.filter(({ _id }) => _id.cycle === cycle),
        ),
      ),
    );
  }

  async function expected(cycle: CycleDate, rows: Row[]): Promise<ExpectedPayday> {
    const [firm, pending] = [true, false].map((wanted) => rows.find(({ _id }) => _id.firm === wanted));
    const due = together(rows.map(({ total, programIds }) => ({ sum: total, programIds })));
    const minimums = await minimumsOf(deps.sales, due.programIds, deps.payoutCalendar.paydayOf(cycle));
    return {
      cycle,
      firm: { count: firm?.count ?? 0, total: firm?.total ?? 0 },
      pending: { count: pending?.count ?? 0, total: pending?.total ?? 0, lastHoldUntil: pending?.last ?? null },
      minimum: minimumOf(due.programIds, minimums),
      carried: decideDue(due, minimums).kind === 'carried',
    };
  }

  return { paydaysOf };
}
