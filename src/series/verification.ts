import { isDeepStrictEqual } from 'node:util';

import { SERIES, SERIES_NAMES, type SeriesName, USUAL } from './catalogue.ts';
import type { Periods, PointPeriod } from './periods.ts';
import type { Drawn, Source } from './sources.ts';
import { pointIdOf, type SeriesStore, type StoredPoint } from './store.ts';

/** Of the points before those that are drawn each day anew, every so many. */
const SAMPLED = 6;

/** Compares the points that are kept with facts: all recent ones, and every sixth of the older, another sixth each day. */
export function createSeriesVerification(deps: {
  store: SeriesStore;
  sources: Record<SeriesName, Source>;
  periods: Periods;
}) {
  const { store, sources, periods } = deps;

  /** A line for each point that facts do not give. */
  async function facts(now: Date): Promise<string[]> {
    const lines: string[] = [];
    for (const name of SERIES_NAMES) lines.push(...(await factsOf(name, now)));
    return lines;
  }

  async function factsOf(name: SeriesName, now: Date): Promise<string[]> {
    const { step, redrawn } = SERIES[name];
    const closed = periods.last(step, now, USUAL[step] + 1).filter(({ end }) => end <= now);
    const turn = Math.floor(now.getTime() / DAY_MS) % SAMPLED;
    const looked = closed.filter((_, index) => index >= closed.length - redrawn || index % SAMPLED === turn);
    const lines: string[] = [];
    for (const period of await drawnOf(name, looked)) lines.push(...(await differences(name, period, now)));
    return lines;
  }

  /** Those that are kept at all: most of a year's are not, and one question tells. */
  async function drawnOf(name: SeriesName, looked: PointPeriod[]): Promise<PointPeriod[]> {
    const ids = looked.map(({ at }) => pointIdOf(name, at));
    const found = await store.points.distinct('_id', { _id: { $in: ids } });
    const kept = new Set(found);
    return looked.filter(({ at }) => kept.has(pointIdOf(name, at)));
  }

  async function differences(name: SeriesName, period: PointPeriod, now: Date): Promise<string[]> {
    const source = sources[name];
    const stored = await storedOf(name, period);
    const whole = stored.get(pointIdOf(name, period.at));
    // One that is still to be drawn, or was last drawn before its end, says nothing yet.
    if (whole === undefined || whole.drawnAt < period.end) return [];
    if ((await source.changedSince?.(period, whole.drawnAt, now)) === true) return [];
    const [drawn] = await source.draw([period], now);
    const wanted = documentsOf(name, period, drawn);
    const wrong = [...wanted].filter(([id, values]) => !isDeepStrictEqual(stored.get(id)?.values, values));
    const extra = [...stored].filter(([id, point]) => !wanted.has(id) && point.drawnAt >= whole.drawnAt);
    return [
      ...wrong.map(
        ([id, values]) => `series_points/${id} says ${textOf(stored.get(id)?.values)}, facts ${textOf(values)}`,
      ),
      ...extra.map(([id]) => `series_points/${id} is of no fact`),
    ];
  }

  async function storedOf(name: SeriesName, { at }: PointPeriod): Promise<Map<string, StoredPoint>> {
    const id = pointIdOf(name, at);
    const found = await store.points.find({ _id: { $gte: id, $lt: `${id};` } }).toArray();
    return new Map(found.map((point) => [point._id, point]));
  }

  return { facts };
}

function documentsOf(name: SeriesName, { at }: PointPeriod, drawn: Drawn | undefined): Map<string, Drawn['values']> {
  if (drawn === undefined) return new Map();
  const parts = [...(drawn.byMarketer ?? [])].map(([id, values]) => [pointIdOf(name, at, id), values] as const);
  return new Map([[pointIdOf(name, at), drawn.values], ...parts]);
}

function textOf(values: Drawn['values'] | undefined): string {
  return values === undefined ? 'nothing' : JSON.stringify(values);
}

const DAY_MS = 86_400_000;
