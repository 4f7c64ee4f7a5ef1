import type { mongo } from 'mongoose';

import { durable } from '../database/durable.ts';
import type { Leases } from '../database/lease.ts';
import type { JobResult } from '../kernel/activity.ts';
import { SERIES, SERIES_NAMES, type SeriesName, USUAL } from './catalogue.ts';
import type { Periods, PointPeriod } from './periods.ts';
import type { Drawn, Source } from './sources.ts';
import { pointIdOf, type SeriesStore, type StoredPoint } from './store.ts';

/** A point that is not over is drawn when it is asked for, from so many documents at most; beyond, by the clock. */
const MOST_WHEN_ASKED = 2_000;
/** So often, then: milliseconds. */
const OPEN_EVERY_MS = 3_600_000;

type Deps = {
  store: SeriesStore;
  sources: Record<SeriesName, Source>;
  periods: Periods;
  leases: Pick<Leases, 'keep'>;
  dayOf(at: Date): string;
};

/**
 * Draws points from facts and keeps them. What is to be drawn follows from what is kept, so a call that is missed, doubled or cut off
 * changes nothing: the next one goes on.
 */
export function createDrawing({ store, sources, periods, leases, dayOf }: Deps) {
  /**
   * Draws a batch of each series of what is lacking or stale at `now`, the latest first; null where nothing was, or another process is
   * at it. A service that is new to its facts fills what is usually shown in this way, batch by batch.
   */
  async function drawDue(now: Date): Promise<JobResult | null> {
    const lease = await leases.keep('draw-series');
    if (lease === null) return null;
    try {
      let count = 0;
      for (const name of SERIES_NAMES) count += await drawBatch(name, now);
      return count === 0 ? null : { count };
    } finally {
      await lease.release();
    }
  }

  async function drawBatch(name: SeriesName, now: Date): Promise<number> {
    const due = (await dueOf(name, now)).slice(-SERIES[name].batch);
    if (due.length === 0) return 0;
    await write(name, due, await sources[name].draw(due, now), now);
    return due.length;
  }

  /** The periods of a series that are to be drawn, the oldest first. */
  async function dueOf(name: SeriesName, now: Date): Promise<PointPeriod[]> {
    const { step, redrawn } = SERIES[name];
    const first = await sources[name].first();
    if (first === null) return [];
    const known = periods.last(step, now, USUAL[step] + 1).filter(({ end }) => end > first);
    const ids = known.map(({ at }) => pointIdOf(name, at));
    const stored = await store.points.find({ _id: { $in: ids } }, { projection: { at: 1, drawnAt: 1 } }).toArray();
    const drawnAt = new Map(stored.map((point) => [point.at, point.drawnAt]));
    const closed = known.filter(({ end }) => end <= now);
    const changing = new Set(closed.slice(-redrawn).map(({ at }) => at));
    const due = closed.filter(({ at, end }) => {
      const drawn = drawnAt.get(at);
      return drawn === undefined || drawn < end || (changing.has(at) && dayOf(drawn) < dayOf(now));
    });
    const open = known.at(-1);
    if (open === undefined || open.end <= now) return due;
    const openDrawn = drawnAt.get(open.at)?.getTime() ?? 0;
    const isRecent = now.getTime() - openDrawn < OPEN_EVERY_MS;
    return isRecent || !(await isHeavy(name, open, now)) ? due : [...due, open];
  }

  async function isHeavy(name: SeriesName, open: PointPeriod, now: Date): Promise<boolean> {
    return (await sources[name].weight(open, now, MOST_WHEN_ASKED + 1)) > MOST_WHEN_ASKED;
  }

  async function write(name: SeriesName, due: PointPeriod[], drawn: Drawn[], drawnAt: Date): Promise<void> {
    const writes = due.flatMap((period, index) => writesOf(name, period, drawn[index], drawnAt));
    await store.points.bulkWrite(writes, durable(store.points));
  }

  return { drawDue, isHeavy };
}

/** The parts of marketers first: a point that is there is whole. */
function writesOf(
  name: SeriesName,
  { at }: PointPeriod,
  drawn: Drawn | undefined,
  drawnAt: Date,
): mongo.AnyBulkWriteOperation<StoredPoint>[] {
  if (drawn === undefined) return [];
  const put = (_id: string, fields: Pick<StoredPoint, 'values' | 'marketerId'>) => ({
    replaceOne: { filter: { _id }, replacement: { name, at, ...fields, drawnAt }, upsert: true },
  });
  const parts = [...(drawn.byMarketer ?? [])].map(([marketerId, values]) =>
    put(pointIdOf(name, at, marketerId), { marketerId, values }),
  );
  return [...parts, put(pointIdOf(name, at), { values: drawn.values })];
}
