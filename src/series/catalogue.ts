import type { StepName } from './periods.ts';

/** What a value is: minor units of the platform's currency, a number of things, basis points, or milliseconds. */
export const UNITS = ['amount', 'count', 'bps', 'ms'] as const;
export type Unit = (typeof UNITS)[number];

export const SERIES_NAMES = ['overdue-by-age', 'paid-on-time', 'escrow', 'payouts', 'fans', 'webhook-latency'] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];

/** The values of a point by their keys; null where there is nothing that it could be of. */
export type Values = Record<string, number | null>;

export type Definition = {
  step: StepName;
  /** Every point has all of these, in this order. */
  values: Readonly<Record<string, Unit>>;
  /** So many of the latest closed points are drawn anew each day, because what they are of still changes. */
  redrawn: number;
  /** So many are drawn together: what one batch reads is bounded. */
  batch: number;
};

/** How many points are answered unless a period is asked for, and how many are kept; twice as many are answered at most. */
export const USUAL: Readonly<Record<StepName, number>> = { week: 26, day: 90, cycle: 12 };
export const MOST_TIMES = 2;

/** The ages of what is overdue, as `GET /v1/overdue/summary` has them. */
const AGES = ['0to2', '3to7', '8to14', '15to30', '31plus'] as const;

export const VERDICTS = ['counted', 'surplus', 'not_running', 'other_source', 'not_real', 'returning'] as const;

/** Every series: what its points are of, and how they are drawn. */
export const SERIES: Readonly<Record<SeriesName, Definition>> = {
  'overdue-by-age': {
    ...{ step: 'week', redrawn: 1, batch: 2 },
    values: { ...all(AGES.map(amountOf), 'amount'), ...all(AGES.map(countOf), 'count') },
  },
  'paid-on-time': {
    ...{ step: 'week', redrawn: 8, batch: 2 },
    values: { ...all(['invoices', 'onTime', 'late', 'unpaid'], 'count'), rate: 'bps' },
  },
  escrow: { step: 'day', redrawn: 2, batch: 15, values: { held: 'amount' } },
  payouts: { step: 'cycle', redrawn: 6, batch: 3, values: all(['payable', 'paid', 'failed'], 'amount') },
  fans: { step: 'day', redrawn: 2, batch: 7, values: all(VERDICTS, 'count') },
  'webhook-latency': {
    ...{ step: 'day', redrawn: 3, batch: 3 },
    values: { p50: 'ms', p95: 'ms', delivered: 'count', parked: 'count' },
  },
};

export function amountOf(age: string): string {
  return `amount${age}`;
}

export function countOf(age: string): string {
  return `count${age}`;
}

/** The key of an age of the summary: its first and last day, or no end. */
export function ageOf({ from, to }: { from: number; to: number | null }): string {
  return to === null ? `${from}plus` : `${from}to${to}`;
}

function all<K extends string>(keys: readonly K[], unit: Unit): Record<K, Unit> {
  return Object.fromEntries(keys.map((key) => [key, unit])) as Record<K, Unit>;
}
