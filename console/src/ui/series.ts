import type { AnswerOf, InputOf } from '../../../client/api.ts';
import { type Cell, csv } from '../../../src/kernel/csv.ts';
import type { Formats } from '../format.ts';
import type { PlainKey, Say } from '../say.ts';

export type SeriesAnswer = AnswerOf<'GET /v1/series/{name}'>;
export type SeriesName = InputOf<'GET /v1/series/{name}'>['path']['name'];
export type Unit = SeriesAnswer['values'][number]['unit'];
export type Point = SeriesAnswer['points'][number];

/** How a series is shown: what it is called, its values, which of them are lines, and what is said of its latest point. */
export type Shown = {
  title: PlainKey;
  values: Readonly<Record<string, PlainKey>>;
  /** The values that are drawn, all of one unit; the others are in the table. */
  lines: readonly string[];
  /** What the sentence is of: the sum of these. */
  said: readonly string[];
  /** A level, such as what is overdue, may be compared while its period lasts; what adds up may not. */
  isLevel: boolean;
};

export const SHOWN: Readonly<Record<SeriesName, Shown>> = {
  'overdue-by-age': {
    title: 'series.overdueByAge',
    values: {
      ...{ amount0to2: 'series.amount0to2', amount3to7: 'series.amount3to7', amount8to14: 'series.amount8to14' },
      ...{ amount15to30: 'series.amount15to30', amount31plus: 'series.amount31plus' },
      ...{ count0to2: 'series.count0to2', count3to7: 'series.count3to7', count8to14: 'series.count8to14' },
      ...{ count15to30: 'series.count15to30', count31plus: 'series.count31plus' },
    },
    lines: ['amount0to2', 'amount3to7', 'amount8to14', 'amount15to30', 'amount31plus'],
    said: ['amount0to2', 'amount3to7', 'amount8to14', 'amount15to30', 'amount31plus'],
    isLevel: true,
  },
  'paid-on-time': {
    title: 'series.paidOnTime',
    values: {
      ...{ invoices: 'series.invoices', onTime: 'series.onTime', late: 'series.late', unpaid: 'series.unpaid' },
      rate: 'series.rate',
    },
    lines: ['invoices', 'onTime', 'late', 'unpaid'],
    said: ['rate'],
    isLevel: false,
  },
  escrow: { title: 'series.escrow', values: { held: 'series.held' }, lines: ['held'], said: ['held'], isLevel: true },
  payouts: {
    title: 'series.payouts',
    values: { payable: 'series.payable', paid: 'series.paid', failed: 'series.failed' },
    lines: ['payable', 'paid', 'failed'],
    said: ['payable', 'paid', 'failed'],
    isLevel: true,
  },
  fans: {
    title: 'series.fans',
    values: {
      ...{ counted: 'series.counted', surplus: 'series.surplus', not_running: 'series.notRunning' },
      ...{ other_source: 'series.otherSource', not_real: 'series.notReal', returning: 'series.returning' },
    },
    lines: ['counted', 'surplus', 'not_running', 'other_source', 'not_real', 'returning'],
    said: ['counted'],
    isLevel: false,
  },
  'webhook-latency': {
    title: 'series.webhookLatency',
    values: { p50: 'series.p50', p95: 'series.p95', delivered: 'series.delivered', parked: 'series.parked' },
    lines: ['p50', 'p95'],
    said: ['p95'],
    isLevel: false,
  },
};

/** How a value of a unit is written: milliseconds as such below a second. */
export function writerOf(unit: Unit, format: Pick<Formats, 'money' | 'count' | 'rate'>, locale: string) {
  const unitOf = (name: 'millisecond' | 'second') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 });
  const [short, long] = [unitOf('millisecond'), unitOf('second')];
  switch (unit) {
    case 'amount':
      return format.money;
    case 'count':
      return format.count;
    case 'bps':
      return format.rate;
    case 'ms':
      return (ms: number) => (ms < 1_000 ? short.format(ms) : long.format(ms / 1_000));
  }
}

/** The latest point that may be compared, and what it came to more or less than the one before it; null without any. */
function latestOf(points: readonly Point[], { said, isLevel }: Pick<Shown, 'said' | 'isLevel'>) {
  const [before, latest] = points
    .filter(({ asOf }) => isLevel || asOf === null)
    .flatMap((point) => {
      const values = said.map((key) => point.values[key] ?? null);
      return values.some((value) => value === null)
        ? []
        : [{ at: point.at, asOf: point.asOf, value: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) }];
    })
    .slice(-2)
    .reduce<[Said | undefined, Said | undefined]>(([, last], next) => [last, next], [undefined, undefined]);
  return latest === undefined ? null : { ...latest, change: before === undefined ? null : latest.value - before.value };
}

type Said = { at: string; asOf: string | null; value: number };

/** The latest value and its change, in words. */
export function sentenceOf(
  { name, step, values, points }: Pick<SeriesAnswer, 'name' | 'step' | 'values' | 'points'>,
  { say, format, locale }: { say: Say; format: Formats; locale: string },
): string {
  const shown = SHOWN[name];
  const latest = latestOf(points, shown);
  const unit = values.find(({ key }) => key === shown.said[0])?.unit;
  if (latest === null || unit === undefined) return say('series.nothing');
  const write = writerOf(unit, format, locale);
  const value = say(SAID[name], { value: write(latest.value) });
  const when =
    latest.asOf === null || step === 'cycle'
      ? say(WHEN[step], { at: format.date(latest.at) })
      : say('series.now', { at: format.instant(latest.asOf) });
  if (latest.change === null) return say('series.first', { value, when });
  if (latest.change === 0) return say('series.same', { value, when });
  const change = Math.abs(latest.change);
  const by = unit === 'bps' ? say('series.points', { points: change / 100 }) : write(change);
  return say(latest.change > 0 ? 'series.more' : 'series.less', { value, when, by });
}

const SAID = {
  'overdue-by-age': 'series.saidOverdue',
  'paid-on-time': 'series.saidOnTime',
  escrow: 'series.saidEscrow',
  payouts: 'series.saidPayouts',
  fans: 'series.saidFans',
  'webhook-latency': 'series.saidLatency',
} as const;

const WHEN = { week: 'series.inWeek', day: 'series.onDay', cycle: 'series.onPayday' } as const;

/** A series as a table for a spreadsheet: amounts as decimals, everything else as it is. */
export function csvOf({ values, points }: Pick<SeriesAnswer, 'values' | 'points'>, typed: (minor: number) => string) {
  const cell = (value: number | null | undefined, unit: Unit): Cell =>
    value === null || value === undefined ? { text: '' } : { number: unit === 'amount' ? typed(value) : String(value) };
  const rows = points.map(({ at, asOf, values: own }) => [
    { text: at },
    ...values.map(({ key, unit }) => cell(own[key], unit)),
    { text: asOf ?? '' },
  ]);
  return csv(['at', ...values.map(({ key }) => key), 'asOf'], rows);
}
