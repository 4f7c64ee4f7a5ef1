import type { Period } from '../../kernel/calendar.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import type { CycleAssignment } from './cycleAssignment.ts';
import { type Carried, carriedOf, type PayoutStatus, SHOWN } from './payout.ts';
import type { PayoutCalendar } from './payoutCycle.ts';

/**
 * A cycle as others see it: which approvals it takes, how far it is, and what is paid with it: its own payouts but for those that were
 * carried to a later one (`carriedAway`), and those that were carried to it (`carriedIn`, which are in the sums).
 */
export type CycleView = {
  cycle: CycleDate;
  payday: Date;
  approvals: Period;
  status: 'upcoming' | 'closing' | 'closed';
  payouts: number;
  total: MinorUnits;
  byStatus: Record<PayoutStatus, Part>;
  carriedIn: Part;
  carriedAway: Part;
};

export type Part = { count: number; total: MinorUnits };

type Row = { _id: { status: PayoutStatus; cycle: CycleDate; carriedTo?: CycleDate | null } } & Part;

export type CycleViews = ReturnType<typeof createCycleViews>;

/** Cycles as they stand, each with its sums, which are read from an index alone. */
export function createCycleViews(deps: {
  store: Pick<AffiliateStore, 'payouts' | 'cycles'>;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
  payoutCalendar: PayoutCalendar;
}) {
  const { store, payoutCalendar } = deps;

  /** A cycle as it stands. */
  async function get(cycle: CycleDate): Promise<CycleView> {
    const [view] = await viewsOf([cycle]);
    // One goes in, so one comes out.
    return view as CycleView;
  }

  /** The cycles that anything is paid with, or was drawn up for, the newest first. */
  async function list({ limit, after }: PageRequest): Promise<Page<CycleView>> {
    const found = await drawnBefore(after, limit + 1);
    const cycles = found.slice(0, limit);
    return { items: await viewsOf(cycles), next: found.length > limit ? (cycles.at(-1) ?? null) : null };
  }

  /** The last cycles before one that have payouts; one look along the index for each, however many payouts it has. */
  async function drawnBefore(before: CycleDate | undefined, most: number): Promise<CycleDate[]> {
    const status = { $in: SHOWN };
    const carriedTo: unknown[] = await store.payouts.distinct('batchCycle', { status, batchCycle: { $exists: true } });
    const cycles = new Set(carriedTo.map(String).filter((cycle) => before === undefined || cycle < before));
    let below = before;
    for (let own = 0; own < most; own += 1) {
      const next = await store.payouts.findOne(
        { status, ...(below === undefined ? {} : { cycle: { $lt: below } }) },
        { sort: { cycle: -1 }, projection: { _id: 0, cycle: 1 } },
      );
      if (next === null) break;
      cycles.add(next.cycle);
      below = next.cycle;
    }
    return [...cycles].sort().reverse().slice(0, most);
  }

  async function viewsOf(cycles: CycleDate[]): Promise<CycleView[]> {
    const [progress, begun, carried, ...own] = await Promise.all([
      store.cycles.find({ _id: { $in: cycles.map((cycle) => `payout:${cycle}`) } }).toArray(),
      deps.cycleAssignment.through(),
      rowsOf({ batchCycle: { $in: cycles } }),
      // Side by side, as each is a part of the index of its own.
      ...cycles.map((cycle) => rowsOf({ cycle })),
    ]);
    const states = new Map(progress.map(({ _id, state }) => [_id, state]));
    return cycles.map((cycle, index) => {
      const rows = [
        ...(own[index] ?? []),
        ...carried.filter(({ _id }) => _id.carriedTo === cycle && _id.cycle !== cycle),
      ];
      const status = states.get(`payout:${cycle}`) ?? (cycle <= begun ? 'closed' : 'upcoming');
      const [payday, approvals] = [payoutCalendar.paydayOf(cycle), payoutCalendar.periodOf(cycle)];
      return { cycle, payday, approvals, status, ...sumsOf(cycle, rows) };
    });
  }

  function rowsOf(which: { cycle: CycleDate } | { batchCycle: { $in: CycleDate[] } }): Promise<Row[]> {
    return store.payouts
      .aggregate<Row>([
        { $match: { ...which, status: { $in: SHOWN } } },
        {
          $group: {
            _id: { status: '$status', cycle: '$cycle', carriedTo: '$batchCycle' },
            count: { $sum: 1 },
            total: { $sum: '$amount' },
          },
        },
      ])
      .toArray();
  }

  /** The first cycle that anything was drawn up for; null before there is one. */
  async function firstDrawn(): Promise<CycleDate | null> {
    const first = await store.payouts.findOne(
      { status: { $in: SHOWN } },
      { sort: { cycle: 1 }, projection: { _id: 0, cycle: 1 } },
    );
    return first?.cycle ?? null;
  }

  /** Whether anything was drawn up for a cycle, or is paid with it. */
  async function isDrawn(cycle: CycleDate): Promise<boolean> {
    const status = { $in: SHOWN };
    const one = { projection: { _id: 1 } };
    const found = await Promise.all([
      store.payouts.findOne({ cycle, status }, one),
      store.payouts.findOne({ batchCycle: cycle, status }, one),
    ]);
    return found.some((payout) => payout !== null);
  }

  /** How many payouts were drawn up for a cycle, counted as far as `most`. */
  function drawnIn(cycle: CycleDate, most: number): Promise<number> {
    return store.payouts.countDocuments({ cycle }, { limit: most });
  }

  /** Whether a payout that a cycle pays has ended, or was carried to it or away, since an instant or at it. */
  async function changedSince(cycle: CycleDate, since: Date): Promise<boolean> {
    const changed = await store.payouts.findOne(
      {
        $or: [{ cycle, endedAt: { $gte: since } }, { cycle, batchCycle: { $exists: true } }, { batchCycle: cycle }],
      },
      { projection: { _id: 1 } },
    );
    return changed !== null;
  }

  return { get, list, isDrawn, drawnBefore, firstDrawn, drawnIn, changedSince };
}

function sumsOf(cycle: CycleDate, rows: Row[]) {
  const byStatus = { due: none(), processing: none(), paid: none(), failed: none() };
  const carried: Record<Carried, Part> = { in: none(), away: none() };
  for (const { _id, ...part } of rows) {
    const how = carriedOf({ cycle: _id.cycle, carriedTo: _id.carriedTo ?? null }, cycle);
    if (how !== null) add(carried[how], part);
    if (how !== 'away') add(byStatus[_id.status], part);
  }
  const all = Object.values(byStatus);
  return {
    payouts: sum(all.map(({ count }) => count)),
    total: sum(all.map(({ total }) => total)),
    byStatus,
    carriedIn: carried.in,
    carriedAway: carried.away,
  };
}

function none(): Part {
  return { count: 0, total: 0 };
}

function add(to: Part, { count, total }: Part): void {
  to.count += count;
  to.total += total;
}
