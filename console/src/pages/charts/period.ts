import type { SeriesName } from '../../ui/series.ts';

/** How far back: `usual` is what the service answers unless asked otherwise, `long` the most that it does. */
export const PERIODS = ['usual', 'short', 'long'] as const;
export type Period = (typeof PERIODS)[number];

const DAYS: Readonly<Record<'week' | 'day' | 'cycle', Readonly<Record<Exclude<Period, 'usual'>, number>>>> = {
  week: { short: 7 * 7, long: 51 * 7 },
  day: { short: 29, long: 178 },
  cycle: { short: 5 * 15, long: 23 * 15 },
};

const STEP: Readonly<Record<SeriesName, keyof typeof DAYS>> = {
  'overdue-by-age': 'week',
  'paid-on-time': 'week',
  escrow: 'day',
  payouts: 'cycle',
  fans: 'day',
  'webhook-latency': 'day',
};

/** The day that a series is asked for from on, by the service's clock; undefined for what it answers anyway. */
export function fromOf(name: SeriesName, period: Period, now: Date): string | undefined {
  if (period === 'usual') return undefined;
  return new Date(now.getTime() - DAYS[STEP[name]][period] * DAY_MS).toISOString().slice(0, '2026-11-23'.length);
}

const DAY_MS = 86_400_000;
