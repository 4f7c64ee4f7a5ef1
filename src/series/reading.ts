import { MOST_TIMES, SERIES, type SeriesName, USUAL, type Values } from './catalogue.ts';
import type { createDrawing } from './drawing.ts';
import type { Periods, PointPeriod } from './periods.ts';
import { noFans, type Source } from './sources.ts';
import { pointIdOf, type SeriesStore } from './store.ts';

/** `asOf`: of a period that is not over, when its facts were read; null of one that is. */
export type Point = { at: string; values: Values; asOf: Date | null };

/** From which day to which, `2026-11-23`, both in it; a marketer's part alone. */
export type Asked = { from?: string | undefined; to?: string | undefined; marketerId?: string | undefined };

/** `most`: how many points were too few for what was asked for. */
export type Answer = { kind: 'points'; points: Point[] } | { kind: 'too-many'; most: number };

/** Answers points: those that are kept, and the one that is not over. */
export function createReading({
  store,
  sources,
  periods,
  startOf,
  isHeavy,
}: {
  store: SeriesStore;
  sources: Record<SeriesName, Source>;
  periods: Periods;
  startOf(day: string): Date;
  isHeavy: ReturnType<typeof createDrawing>['isHeavy'];
}) {
  /** The points of a series, the oldest first. Those before its first fact, and those that are still to be drawn, are left out. */
  async function get(name: SeriesName, { from, to, marketerId }: Asked, now: Date): Promise<Answer> {
    const { step } = SERIES[name];
    const [since, last] = [from, to].map((day) => (day === undefined ? undefined : startOf(day)));
    const until = last === undefined || last > now ? now : last;
    const most = USUAL[step] * MOST_TIMES;
    const wanted =
      since === undefined
        ? periods.last(step, until, USUAL[step])
        : periods.last(step, until, most + 1).filter(({ end }) => end > since);
    if (wanted.length > most) return { kind: 'too-many', most };
    const open = wanted.at(-1);
    const isOpen = open !== undefined && open.end > now;
    const isLive = isOpen && !(await isHeavy(name, open, now));
    const [kept, live] = await Promise.all([
      keptOf(name, isLive ? wanted.slice(0, -1) : wanted, marketerId, now),
      isLive ? liveOf(name, open, marketerId, now) : [],
    ]);
    return { kind: 'points', points: [...kept, ...live] };
  }

  async function keptOf(
    name: SeriesName,
    wanted: PointPeriod[],
    marketerId: string | undefined,
    now: Date,
  ): Promise<Point[]> {
    const ids = wanted.flatMap(({ at }) => [
      pointIdOf(name, at),
      ...(marketerId === undefined ? [] : [pointIdOf(name, at, marketerId)]),
    ]);
    const stored = await store.points.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(stored.map((point) => [point._id, point]));
    return wanted.flatMap(({ at, end }): Point[] => {
      const whole = byId.get(pointIdOf(name, at));
      if (whole === undefined) return [];
      const own = marketerId === undefined ? whole : byId.get(pointIdOf(name, at, marketerId));
      return [{ at, values: own?.values ?? noFans(), asOf: end > now || whole.drawnAt < end ? whole.drawnAt : null }];
    });
  }

  async function liveOf(
    name: SeriesName,
    open: PointPeriod,
    marketerId: string | undefined,
    now: Date,
  ): Promise<Point[]> {
    const source = sources[name];
    const first = await source.first();
    if (first === null || first >= open.end) return [];
    const [drawn] = await source.draw([open], now);
    if (drawn === undefined) return [];
    const values = marketerId === undefined ? drawn.values : (drawn.byMarketer?.get(marketerId) ?? noFans());
    return [{ at: open.at, values, asOf: now }];
  }

  return { get };
}
