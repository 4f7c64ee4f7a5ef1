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

/** The accounts of a kind: what they come to, and the first of them. */
type Kind = { _id: Change; rows: Row[] } & ChangeSum;
type Row = { accountId: string; size: number } & Amounts;

/**
 * Compares a cycle with the one before, account by account: what is paid with each of them, however far that is, and with
 * what was carried to it. Accounts whose amount is the same are in the totals alone. The biggest difference first. Two
 * cycles are read from an index alone, once for each page.
 */
export function createCycleChanges(deps: {
  store: Pick<AffiliateStore, 'payouts'>;
  views: Pick<CycleViews, 'drawnBefore' | 'isDrawn'>;
}) {
  const { payouts } = deps.store;

  /** Null where nothing is drawn up for the cycle. A cursor that no page answered finds nothing. */
  return async function changes(cycle: CycleDate, page: PageRequest): Promise<CycleChanges | null> {
    const [[before = null], isDrawn] = await Promise.all([deps.views.drawnBefore(cycle, 1), deps.views.isDrawn(cycle)]);
    if (!isDrawn) return null;
    const kinds = await payouts.aggregate<Kind>(stages(cycle, before, page)).toArray();
    const found = kinds
      .filter(({ _id }) => _id !== 'same')
      .flatMap(({ _id: change, rows }) => rows.map((row) => ({ ...row, change })))
      .filter(({ size }) => size !== SEEN)
      .sort(biggestFirst);
    const shown = found.slice(0, page.limit);
    const last = found.length > page.limit ? shown.at(-1) : undefined;
    return {
      ...{ cycle, before },
      items: shown.map(({ size: _, ...rest }) => rest),
      next: last === undefined ? null : `${last.size}~${last.accountId}`,
      totals: totalsOf(kinds),
    };
  };
}

/** Instead of its size, of an account that a page before has shown. */
const SEEN = -1;

/** What each account is paid with the one cycle and with the other, by the kind of its change. A payout is of more than nothing. */
function stages(cycle: CycleDate, before: CycleDate | null, { limit, after }: PageRequest): object[] {
  const cycles = before === null ? [cycle] : [cycle, before];
  const status = { $in: SHOWN };
  // All that the index has, and no more.
  const fields = { $project: { _id: 0, accountId: 1, amount: 1, cycle: 1, batchCycle: 1 } };
  const fromOthers = { $match: { batchCycle: { $in: cycles }, cycle: { $nin: cycles }, status } };
  const paidWith = (one: CycleDate | null) => ({
    $sum: { $cond: [{ $eq: [{ $ifNull: ['$batchCycle', '$cycle'] }, one] }, '$amount', 0] },
  });
  const difference = { $subtract: ['$amount', '$before'] };
  const size = { $abs: difference };
  return [
    { $match: { cycle: { $in: cycles }, status } },
    fields,
    { $unionWith: { coll: 'payouts', pipeline: [fromOthers, fields] } },
    { $group: { _id: '$accountId', amount: paidWith(cycle), before: paidWith(before) } },
    // What was carried to another cycle than these is paid with neither.
    { $match: { $or: [{ amount: { $gt: 0 } }, { before: { $gt: 0 } }] } },
    {
      $project: {
        ...{ amount: 1, before: 1, difference, change: CHANGE },
        size: after === undefined ? size : { $cond: [isAfter(after, size), size, SEEN] },
      },
    },
    {
      $group: {
        _id: '$change',
        ...{ count: { $sum: 1 }, ...summed('amount', 'before', 'difference') },
        rows: { $topN: { n: limit + 1, sortBy: { size: -1, _id: 1 }, output: ROW } },
      },
    },
  ];
}

const ROW = { accountId: '$_id', amount: '$amount', before: '$before', difference: '$difference', size: '$size' };

function biggestFirst(one: Row, other: Row): number {
  return other.size - one.size || (one.accountId < other.accountId ? -1 : 1);
}

const CHANGE = [
  [{ $eq: ['$before', 0] }, 'new'],
  [{ $eq: ['$amount', 0] }, 'gone'],
  [{ $gt: ['$amount', '$before'] }, 'more'],
  [{ $lt: ['$amount', '$before'] }, 'less'],
].reduceRight<unknown>((otherwise, [holds, change]) => ({ $cond: [holds, change, otherwise] }), 'same');

function summed(...names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $sum: `$${name}` }]));
}

function isAfter(cursor: string, size: object): object {
  const [, last = '-1', id = ''] = /^(\d{1,16})~(.*)$/.exec(cursor) ?? [];
  return {
    $or: [
      { $lt: [size, Number(last)] },
      { $and: [{ $eq: [size, Number(last)] }, { $gt: ['$_id', { $literal: id }] }] },
    ],
  };
}

function totalsOf(kinds: Kind[]): Record<Change, ChangeSum> {
  const none = { count: 0, amount: 0, before: 0, difference: 0 };
  const found = new Map(kinds.map(({ _id, rows: _, ...sums }) => [_id, sums]));
  // Object.fromEntries forgets the names of the kinds; these are all of them.
  return Object.fromEntries(CHANGES.map((change) => [change, found.get(change) ?? none])) as Record<Change, ChangeSum>;
}
