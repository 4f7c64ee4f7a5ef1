import type { mongo } from 'mongoose';

import type { Calendar } from '../kernel/calendar.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Age } from '../notices/messages/regular.ts';

/** How long invoices are overdue, in whole calendar days: `to` is the last of them, null without an end. */
const OVERDUE_AGES = [
  { from: 0, to: 2 },
  { from: 3, to: 7 },
  { from: 8, to: 14 },
  { from: 15, to: 30 },
  { from: 31, to: null },
] as const;

/** What is still to be paid of `count` invoices of so many models. */
type Share = { count: number; models: number; amount: MinorUnits };

export type OverdueSummary = Share & { ages: (Share & { from: number; to: number | null })[] };

export type OverdueByAge = { [A in Age]: { count: number; total: MinorUnits } } & { models: number };

/** The ages as people are told them: the first two are one. */
const TOLD: { [A in Age]: readonly number[] } = { week: [0, 1], fortnight: [2], month: [3], older: [4] };

/** One row, or none where nothing is overdue: `count3` is that of the fourth age. */
export type SummaryRow = Record<string, number>;

/**
 * Counts of invoices that are overdue at `now`, by their `dueAt`; `rest` is what is still to be paid of one. By age, and not by model
 * first, because there are as many models as invoices nearly: each age has the set of its models, and their union counts each once.
 * Sets are made of whole lists, and each goes into the union once: a set that grows by one model after another costs a tenth more.
 */
export function summaryStages(
  calendar: Pick<Calendar, 'addDays'>,
  now: Date,
  rest: mongo.Document | string,
): mongo.Document[] {
  const older = OVERDUE_AGES.map(({ from }, index) => ({
    case: { $lte: ['$dueAt', calendar.addDays(now, -from)] },
    // biome-ignore lint/suspicious/noThenProperty: a branch of $switch has one.
    then: index,
  })).slice(1);
  const age = { $switch: { branches: older.reverse(), default: 0 } };
  const ofAge = (index: number, what: mongo.Document | string) => ({
    $sum: { $cond: [{ $eq: ['$_id', index] }, what, 0] },
  });
  const ages = OVERDUE_AGES.flatMap((_, index) => [
    [`count${index}`, ofAge(index, '$count')],
    [`amount${index}`, ofAge(index, '$amount')],
    [`models${index}`, ofAge(index, { $size: '$models' })],
  ]);
  const setOf = (index: number) => ({ $ifNull: [{ $arrayElemAt: ['$models', index] }, []] });
  return [
    { $group: { _id: age, count: { $sum: 1 }, amount: { $sum: rest }, models: { $push: '$modelId' } } },
    { $set: { models: { $setUnion: ['$models'] } } },
    { $group: { _id: null, models: { $push: '$models' }, ...Object.fromEntries(ages) } },
    { $set: { models: { $size: { $setUnion: OVERDUE_AGES.map((_, index) => setOf(index)) } } } },
  ];
}

export function summaryOf(row: SummaryRow = {}): OverdueSummary {
  const ages = OVERDUE_AGES.map((age, index) => ({
    ...age,
    count: row[`count${index}`] ?? 0,
    models: row[`models${index}`] ?? 0,
    amount: row[`amount${index}`] ?? 0,
  }));
  const total = (of: 'count' | 'amount') => sum(ages.map((age) => age[of]));
  return { count: total('count'), models: row.models ?? 0, amount: total('amount'), ages };
}

/** Rows of models that are not the same, as one. */
export function added(rows: readonly SummaryRow[]): SummaryRow {
  const all: SummaryRow = {};
  for (const row of rows)
    for (const [key, value] of Object.entries(row)) if (key !== '_id') all[key] = (all[key] ?? 0) + value;
  return all;
}

/** The same, as people are told it. */
export function toldAges({ ages, models }: OverdueSummary): OverdueByAge {
  const of = (age: Age) => {
    const own = TOLD[age].flatMap((index) => ages[index] ?? []);
    return { count: sum(own.map(({ count }) => count)), total: sum(own.map(({ amount }) => amount)) };
  };
  return { week: of('week'), fortnight: of('fortnight'), month: of('month'), older: of('older'), models };
}
