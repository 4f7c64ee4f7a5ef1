import type { MinorUnits } from '../../kernel/money.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import type { CycleViews } from './cycleViews.ts';
import { SHOWN } from './payout.ts';

/** How what is paid to an account differs from what it was with the cycle before. */
export const CHANGES = ['new', 'gone', 'more', 'less', 'same'] as const;
export type Change = (typeof CHANGES)[number];

/** What an account is paid with a cycle and with the one before; `difference` is the first without the second. */
export type AccountChange = { accountId: string; change: Change } & Amounts;
type Amounts = { amount: MinorUnits; before: MinorUnits; difference: MinorUnits };

/** What all accounts of a kind come to. */
export type ChangeSum = { count: number } & Amounts;

export type CycleChanges = Page<AccountChange> & {
  cycle: CycleDate;
  /** The cycle that it is compared with: the last one before that has payouts, or null. */
  before: CycleDate | null;
  totals: Record<Change, ChangeSum>;
};

type Row = { _id: string; change: Change; size: number } & Amounts;

/**
 * Compares a cycle with the one before, account by account: what is paid with each of them, however far that is, and with
 * what was carried to it. Accounts whose amount is the same are in the totals alone. The biggest difference first. Two
 * cycles are read from an index alone, once for each page.
 */
export function createCycleChanges(deps: { store: Pick<AffiliateStore, 'payouts'>; views: CycleViews }) {
  const { payouts } = deps.store;

  /** Null where nothing is drawn up for the cycle. A cursor that no page answered finds nothing. */
  return async function changes(cycle: CycleDate, { limit, after }: PageRequest): Promise<CycleChanges | null> {
    const [[before = null], view] = await Promise.all([deps.views.drawnBefore(cycle, 1), deps.views.get(cycle)]);
    if (view.payouts === 0 && view.carriedAway.count === 0) return null;
    const cycles = before === null ? [cycle] : [cycle, before];
    const found = await payouts
      .aggregate<{ totals: ({ _id: Change } & ChangeSum)[]; rows: Row[] }>([
        ...sumsByAccount(cycle, cycles),
        {
          $facet: {
            totals: [{ $group: { _id: '$change', count: { $sum: 1 }, ...summed('amount', 'before', 'difference') } }],
            rows: [
              { $match: { change: { $ne: 'same' }, ...(after === undefined ? {} : smaller(after)) } },
              { $sort: { size: -1, _id: 1 } },
              { $limit: limit + 1 },
            ],
          },
        },
      ])
      .next();
    const { totals = [], rows = [] } = found ?? {};
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      ...{ cycle, before },
      items: shown.map(({ _id: accountId, size: _, ...rest }) => ({ accountId, ...rest })),
      next: last === undefined ? null : `${last.size}~${last._id}`,
      totals: totalsOf(totals),
    };
  };
}

/** What each account is paid with the one cycle and with the other, with its kind of change. */
function sumsByAccount(cycle: CycleDate, cycles: CycleDate[]): object[] {
  const status = { $in: SHOWN };
  const fields = { $project: { _id: 0, accountId: 1, amount: 1, with: { $ifNull: ['$batchCycle', '$cycle'] } } };
  const fromOthers = { $match: { batchCycle: { $in: cycles }, cycle: { $nin: cycles }, status } };
  return [
    { $match: { cycle: { $in: cycles }, status } },
    fields,
    // What was carried to another cycle than these is paid with neither.
    { $match: { with: { $in: cycles } } },
    { $unionWith: { coll: 'payouts', pipeline: [fromOthers, fields] } },
    {
      $group: {
        _id: '$accountId',
        amount: { $sum: { $cond: [{ $eq: ['$with', cycle] }, '$amount', 0] } },
        before: { $sum: { $cond: [{ $eq: ['$with', cycle] }, 0, '$amount'] } },
        times: { $sum: { $cond: [{ $eq: ['$with', cycle] }, 1, 0] } },
        timesBefore: { $sum: { $cond: [{ $eq: ['$with', cycle] }, 0, 1] } },
      },
    },
    { $set: { difference: { $subtract: ['$amount', '$before'] } } },
    {
      $project: {
        ...{ amount: 1, before: 1, difference: 1, size: { $abs: '$difference' } },
        change: CHANGE,
      },
    },
  ];
}

const CHANGE = [
  [{ $eq: ['$timesBefore', 0] }, 'new'],
  [{ $eq: ['$times', 0] }, 'gone'],
  [{ $gt: ['$difference', 0] }, 'more'],
  [{ $lt: ['$difference', 0] }, 'less'],
].reduceRight<unknown>((otherwise, [holds, change]) => ({ $cond: [holds, change, otherwise] }), 'same');

function summed(...names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $sum: `$${name}` }]));
}

function smaller(cursor: string): object {
  const [, size = '-1', id = ''] = /^(\d{1,16})~(.*)$/.exec(cursor) ?? [];
  return { $or: [{ size: { $lt: Number(size) } }, { size: Number(size), _id: { $gt: id } }] };
}

function totalsOf(rows: ({ _id: Change } & ChangeSum)[]): Record<Change, ChangeSum> {
  const none = { count: 0, amount: 0, before: 0, difference: 0 };
  const found = new Map(rows.map(({ _id, ...sums }) => [_id, sums]));
  // Object.fromEntries forgets the names of the kinds; these are all of them.
  return Object.fromEntries(CHANGES.map((change) => [change, found.get(change) ?? none])) as Record<Change, ChangeSum>;
}
