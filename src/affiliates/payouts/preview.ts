import type { Accounts } from '../../accounts/accounts.ts';
import type { Clock } from '../../kernel/clock.ts';
import { groupBy } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Policy } from '../../policy.ts';
import type { Sales } from '../../sales/sales.ts';
import type { Preview, PreviewRow } from '../../simulation/preview.ts';
import { affiliateAccount } from '../entries.ts';
import type { AffiliateStore } from '../store.ts';
import { type Due, decideDue, minimumsOf, together } from './minimums.ts';
import { type CycleDate, nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import type { PayoutCycles } from './payoutCycles.ts';
import type { Payouts } from './payouts.ts';

const ACCOUNTS_PER_BATCH = 1_000;

/** What is booked of an affiliate for a cycle. */
type Assigned = { affiliateId: string; cycle: CycleDate; sum: MinorUnits; count: number; programIds: string[] };

/** Says what the run of a payday would do by what is known now. Reads only. */
export function createPayoutPreview(deps: {
  store: Pick<AffiliateStore, 'commissions' | 'cycles'>;
  sales: Pick<Sales, 'programVersions'>;
  cycles: Pick<PayoutCycles, 'get' | 'nextDue'>;
  payouts: Pick<Payouts, 'list'>;
  payoutCalendar: PayoutCalendar;
  accounts: Pick<Accounts, 'idsOfRole'>;
  ledger: Pick<Ledger, 'balances'>;
  policy: Policy['payouts'];
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
    const [affiliates, marketerBalances, last] = await Promise.all([
      affiliateRows(begun, cycle),
      // Marketers' balances go with the next run; what they earn until a later one nobody knows.
      cycle <= next && deps.policy.marketers ? marketerRows() : [],
      lastRun(),
    ]);
    return {
      run: 'payday',
      period: cycle,
      at: payoutCalendar.paydayOf(cycle),
      rows: [...affiliates, ...marketerBalances],
      last,
    };
  }

  /** The last cycle begun, and the one that the run will take next. Where nothing was booked ever, none is begun here. */
  async function standOf(): Promise<{ begun: CycleDate; next: CycleDate }> {
    const now = deps.clock.now();
    const cursor = await store.cycles.findOne({ _id: 'cursor' });
    if (cursor?.through === undefined) {
      return { begun: payoutCalendar.cycleBefore(now), next: payoutCalendar.cycleFrom(now) };
    }
    const begun = cursor.through;
    const due = await deps.cycles.nextDue();
    const next = payoutCalendar.cycleFrom(due ?? now);
    return { begun, next: next > begun ? next : nextCycle(begun) };
  }

  /** The last cycle that paid anything, whoever and whatever became of it. */
  async function lastRun(): Promise<Preview['last']> {
    const [payout] = (await deps.payouts.list({ limit: 1 })).items;
    if (payout === undefined) return null;
    const { cycle, payouts, total } = await deps.cycles.get(payout.cycle);
    return { period: cycle, count: payouts, total };
  }

  async function affiliateRows(begun: CycleDate, cycle: CycleDate): Promise<PreviewRow[]> {
    const assigned = await assignedBetween(begun, cycle);
    const minimums = await minimumsByCycle(assigned, cycle);
    const rows: PreviewRow[] = [];
    const byAffiliate = [...groupBy(assigned, ({ affiliateId }) => affiliateId)];
    for (let from = 0; from < byAffiliate.length; from += ACCOUNTS_PER_BATCH) {
      const batch = byAffiliate.slice(from, from + ACCOUNTS_PER_BATCH);
      const expected = await balancesAt(
        batch.map(([affiliateId]) => affiliateId),
        begun,
        payoutCalendar.paydayOf(cycle),
      );
      for (const [affiliateId, mine] of batch) {
        const row = affiliateRow(affiliateId, mine, cycle, minimums, expected.get(affiliateId) ?? 0);
        if (row !== null) rows.push(row);
      }
    }
    return rows;
  }

  /** Everything booked that its cycle finds approved: a hold ends before the payday that it is booked for. */
  async function assignedBetween(begun: CycleDate, cycle: CycleDate): Promise<Assigned[]> {
    return store.commissions
      .aggregate<Assigned>([
        { $match: { cycle: { $gt: begun, $lte: cycle }, state: { $in: ['pending', 'approved'] } } },
        {
          $group: {
            _id: { affiliateId: '$affiliateId', cycle: '$cycle' },
            sum: { $sum: '$amount' },
            count: { $sum: 1 },
            programIds: { $addToSet: '$programId' },
          },
        },
        { $sort: { _id: 1 } },
        { $project: { _id: 0, affiliateId: '$_id.affiliateId', cycle: '$_id.cycle', sum: 1, count: 1, programIds: 1 } },
      ])
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

  /** What each balance will be on the payday: what the ledger has, and what is approved until then. */
  async function balancesAt(affiliateIds: string[], begun: CycleDate, payday: Date): Promise<Map<string, MinorUnits>> {
    const [balances, rows] = await Promise.all([
      deps.ledger.balances(affiliateIds.map(affiliateAccount)),
      store.commissions
        .aggregate<{ _id: string; total: MinorUnits }>([
          {
            $match: {
              // What is in no payout is booked for a cycle that has not begun.
              cycle: { $gt: begun },
              affiliateId: { $in: affiliateIds },
              $or: [
                { state: 'pending', holdUntil: { $lte: payday } },
                { state: 'approved', effectsPending: true },
              ],
            },
          },
          { $group: { _id: '$affiliateId', total: { $sum: { $subtract: ['$amount', '$posted'] } } } },
        ])
        .toArray(),
    ]);
    const coming = new Map(rows.map(({ _id, total }) => [_id, total]));
    return new Map(affiliateIds.map((id) => [id, (balances.get(affiliateAccount(id)) ?? 0) + (coming.get(id) ?? 0)]));
  }

  async function marketerRows(): Promise<PreviewRow[]> {
    const rows: PreviewRow[] = [];
    const ids = await deps.accounts.idsOfRole('marketer');
    for (let from = 0; from < ids.length; from += ACCOUNTS_PER_BATCH) {
      const batch = ids.slice(from, from + ACCOUNTS_PER_BATCH);
      const balances = await deps.ledger.balances(batch.map((accountId) => `marketer:${accountId}`));
      for (const accountId of batch) {
        const amount = balances.get(`marketer:${accountId}`) ?? 0;
        if (amount > 0) rows.push({ accountId, role: 'marketer', amount, count: 0, outcome: 'payout' });
      }
    }
    return rows;
  }

  return { of };
}

/** Goes through the cycles of an affiliate as the runs will: what is carried over is in the next. */
function affiliateRow(
  accountId: string,
  assigned: Assigned[],
  cycle: CycleDate,
  minimums: Map<CycleDate, Map<string, MinorUnits>>,
  balance: MinorUnits,
): PreviewRow | null {
  let carried: Assigned[] = [];
  let paid = 0;
  for (const one of assigned.filter((other) => other.cycle < cycle)) {
    const due = together([...carried, one]);
    const decision = decideDue(due, minimums.get(one.cycle) ?? new Map());
    if (decision.kind === 'payout') paid += decision.amount;
    carried = decision.kind === 'payout' ? [] : [...carried, one];
  }
  const mine = [...carried, ...assigned.filter((one) => one.cycle === cycle)];
  if (mine.length === 0) return null;
  const due: Due = together(mine);
  const decision = decideDue(due, minimums.get(cycle) ?? new Map());
  const common = {
    accountId,
    role: 'affiliate' as const,
    amount: due.sum,
    count: mine.reduce((total, { count }) => total + count, 0),
  };
  if (decision.kind === 'carried') return { ...common, outcome: 'carried', why: decision.why };
  // More was taken back since than was approved: the ledger would refuse it.
  if (due.sum > balance - paid) return { ...common, outcome: 'carried', why: 'not-covered' };
  return { ...common, outcome: 'payout' };
}
