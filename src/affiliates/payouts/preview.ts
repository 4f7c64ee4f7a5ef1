import type { mongo } from 'mongoose';

import { takesLong } from '../../database/patience.ts';
import type { Clock } from '../../kernel/clock.ts';
import { groupBy } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Sales } from '../../sales/sales.ts';
import type { Preview, PreviewRow } from '../../simulation/preview.ts';
import type { AffiliateStore, CycleDate, StoredCommission } from '../store.ts';
import type { MarketerEarnings } from './marketerEarnings.ts';
import { type Due, decideDue, minimumsOf, together } from './minimums.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import type { PayoutCycles } from './payoutCycles.ts';
import type { Payouts } from './payouts.ts';

/** What an affiliate has in a cycle. */
type Assigned = { affiliateId: string; cycle: CycleDate; sum: MinorUnits; count: number; programIds: string[] };

/** Says what the run of a payday would do by what is known now. Reads only. */
export function createPayoutPreview(deps: {
  store: Pick<AffiliateStore, 'commissions' | 'cycles'>;
  sales: Pick<Sales, 'programVersions'>;
  cycles: Pick<PayoutCycles, 'get' | 'peekDue'>;
  payouts: Pick<Payouts, 'list'>;
  payoutCalendar: PayoutCalendar;
  marketerEarnings: Pick<MarketerEarnings, 'owedAt' | 'earnedBy'>;
  clock: Clock;
}) {
  const { store, payoutCalendar } = deps;

  /**
   * The preview of a cycle that is still to be drawn up: the next one, or a later one with what those before it would
   * carry over. One that was drawn up already is answered as the next.
   */
  async function of(wanted?: CycleDate): Promise<Preview> {
    const { begun, next } = await standOf();
    const cycle = wanted !== undefined && wanted > begun ? wanted : next;
    const payday = payoutCalendar.paydayOf(cycle);
    const [affiliates, earned, last] = await Promise.all([
      affiliateRows(begun, cycle),
      // What was earned goes with the next run; what is earned until a later one nobody knows.
      cycle <= next ? earnings(payday) : new Map<string, MinorUnits>(),
      lastRun(),
    ]);
    return {
      run: 'payday',
      period: cycle,
      at: payday,
      rows: withEarnings(affiliates, earned),
      last,
    };
  }

  /** How many commissions the preview of the next cycle reads, counted as far as `most`. */
  async function weight(most: number): Promise<number> {
    const { begun, next } = await standOf();
    return store.commissions.countDocuments(assignedIn(begun, next), { limit: most });
  }

  /** The last cycle begun, and the one that the run will take next. Where nothing was booked ever, none is begun here. */
  async function standOf(): Promise<{ begun: CycleDate; next: CycleDate }> {
    const now = deps.clock.now();
    const cursor = await store.cycles.findOne({ _id: 'cursor' });
    if (cursor?.through === undefined) {
      return { begun: payoutCalendar.cycleBefore(now), next: payoutCalendar.cycleFrom(now) };
    }
    const begun = cursor.through;
    const due = await deps.cycles.peekDue();
    const next = payoutCalendar.cycleFrom(due ?? now);
    return { begun, next: next > begun ? next : nextCycle(begun) };
  }

  /** The last cycle that paid anything, whoever and whatever became of it. */
  async function lastRun(): Promise<Preview['last']> {
    const [payout] = (await deps.payouts.list({ limit: 1 })).items;
    if (payout === undefined) return null;
    const { cycle, payouts, total, carriedIn, carriedAway } = await deps.cycles.get(payout.cycle);
    // What it drew up, wherever it is paid.
    return {
      period: cycle,
      count: payouts - carriedIn.count + carriedAway.count,
      total: total - carriedIn.total + carriedAway.total,
    };
  }

  async function affiliateRows(begun: CycleDate, cycle: CycleDate): Promise<PreviewRow[]> {
    const assigned = await assignedBetween(begun, cycle);
    const minimums = await minimumsByCycle(assigned, cycle);
    const rows: PreviewRow[] = [];
    for (const [affiliateId, mine] of groupBy(assigned, (one) => one.affiliateId)) {
      const row = affiliateRow(affiliateId, mine, cycle, minimums);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** Everything that its cycle finds approved: a hold ends before the payday of its cycle. */
  async function assignedBetween(begun: CycleDate, cycle: CycleDate): Promise<Assigned[]> {
    return store.commissions
      .aggregate<Assigned>(
        [
          { $match: assignedIn(begun, cycle) },
          {
            $group: {
              _id: { affiliateId: '$affiliateId', cycle: '$cycle' },
              sum: { $sum: '$amount' },
              count: { $sum: 1 },
              programIds: { $addToSet: '$programId' },
            },
          },
          { $sort: { _id: 1 } },
          {
            $project: { _id: 0, affiliateId: '$_id.affiliateId', cycle: '$_id.cycle', sum: 1, count: 1, programIds: 1 },
          },
        ],
        takesLong,
      )
      .toArray();
  }

  async function minimumsByCycle(
    assigned: Assigned[],
    cycle: CycleDate,
  ): Promise<Map<CycleDate, Map<string, MinorUnits>>> {
    const programIds = new Set(assigned.flatMap((one) => one.programIds));
    const cycles = [...new Set([...assigned.map((one) => one.cycle), cycle])];
    const found = await Promise.all(
      cycles.map((one) => minimumsOf(deps.sales, programIds, payoutCalendar.paydayOf(one))),
    );
    return new Map(cycles.map((one, index) => [one, found[index] ?? new Map()]));
  }

  async function earnings(payday: Date): Promise<Map<string, MinorUnits>> {
    const all = new Map<string, MinorUnits>();
    for await (const accountIds of deps.marketerEarnings.owedAt(payday, '')) {
      for (const [accountId, amount] of await deps.marketerEarnings.earnedBy(accountIds, payday)) {
        if (amount > 0) all.set(accountId, amount);
      }
    }
    return all;
  }

  return { of, weight };
}

function assignedIn(begun: CycleDate, cycle: CycleDate): mongo.Filter<StoredCommission> {
  return { cycle: { $gt: begun, $lte: cycle }, state: { $in: ['pending', 'approved'] } };
}

/** One payout per account, of both parts; commissions that are carried over beside earnings are a row of their own. */
function withEarnings(rows: PreviewRow[], earned: Map<string, MinorUnits>): PreviewRow[] {
  const left = new Map(earned);
  const affiliates = rows.map((row): PreviewRow => {
    const earnings = row.outcome === 'payout' ? (left.get(row.accountId) ?? 0) : 0;
    if (row.outcome === 'payout') left.delete(row.accountId);
    return earnings === 0
      ? row
      : { ...row, amount: row.amount + earnings, parts: { commissions: row.amount, earnings } };
  });
  const others = [...left].map(([accountId, amount]): PreviewRow => {
    return { accountId, amount, parts: { commissions: 0, earnings: amount }, count: 0, outcome: 'payout' };
  });
  return [...affiliates, ...others];
}

/** Goes through the cycles of an affiliate as the runs will: what is carried over is in the next. */
function affiliateRow(
  accountId: string,
  assigned: Assigned[],
  cycle: CycleDate,
  minimums: Map<CycleDate, Map<string, MinorUnits>>,
): PreviewRow | null {
  let carried: Assigned[] = [];
  for (const one of assigned.filter((other) => other.cycle < cycle)) {
    const decision = decideDue(together([...carried, one]), minimums.get(one.cycle) ?? new Map());
    carried = decision.kind === 'paid' ? [] : [...carried, one];
  }
  const mine = [...carried, ...assigned.filter((one) => one.cycle === cycle)];
  if (mine.length === 0) return null;
  const due: Due = together(mine);
  const decision = decideDue(due, minimums.get(cycle) ?? new Map());
  const common = { accountId, amount: due.sum, count: mine.reduce((total, { count }) => total + count, 0) };
  if (decision.kind === 'carried') return { ...common, outcome: 'carried', why: decision.why };
  return { ...common, outcome: 'payout', parts: { commissions: due.sum, earnings: 0 } };
}
