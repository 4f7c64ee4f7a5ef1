import type { mongo } from 'mongoose';

import type { Calendar } from '../kernel/calendar.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Age } from '../notices/messages/regular.ts';

/** How long invoices are overdue, in whole calendar days: `to` is the last of them, null without an end. */
export const OVERDUE_AGES = [
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
 * Counts of invoices that are overdue at `now`, by their `dueAt`; `rest` is what is still to be paid of one. First by model, so
 * that each of them counts once.
 */
export function summaryStages(calendar: Pick<Calendar, 'addDays'>, now: Date, rest: mongo.Document): mongo.Document[] {
  const since = OVERDUE_AGES.map(({ from }) => (from === 0 ? now : calendar.addDays(now, -from)));
  const ages = since.map((from, index) => {
    const older = since[index + 1];
    const is = { $and: [{ $lte: ['$dueAt', from] }, ...(older === undefined ? [] : [{ $gt: ['$dueAt', older] }])] };
    return { index, is };
  });
  const each = (of: (age: (typeof ages)[number]) => [string, mongo.Document][]) => Object.fromEntries(ages.flatMap(of));
  return [
    {
      $group: {
        _id: '$modelId',
        ...each(({ index, is }) => [
          [`count${index}`, { $sum: { $cond: [is, 1, 0] } }],
          [`amount${index}`, { $sum: { $cond: [is, rest, 0] } }],
        ]),
      },
    },
    {
      $group: {
        _id: null,
        models: { $sum: 1 },
        ...each(({ index }) => [
          [`count${index}`, { $sum: `$count${index}` }],
          [`amount${index}`, { $sum: `$amount${index}` }],
          [`models${index}`, { $sum: { $cond: [{ $gt: [`$count${index}`, 0] }, 1, 0] } }],
        ]),
      },
    },
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
