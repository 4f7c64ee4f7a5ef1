import type { mongo } from 'mongoose';

import type { Period } from '../kernel/calendar.ts';
import type { OutgoingDocument } from './store.ts';

/** How the messages that were emitted in a period fared; the milliseconds from then to the platform's answer, null where none came. */
export type LatencyOfPeriod = { p50: number | null; p95: number | null; delivered: number; parked: number };

export type WebhookLatency = ReturnType<typeof createLatency>;

/** From here on milliseconds are counted by the second, so that a day of retries stays a few thousand rows. */
const FINE_MS = 10_000;

/** How long webhooks to the platform take, retries and waiting for earlier ones of their subject included. */
export function createLatency(messages: mongo.Collection<OutgoingDocument>) {
  async function within(period: Period): Promise<LatencyOfPeriod> {
    const rows = await messages
      .aggregate<{ _id: { state: 'delivered' | 'parked'; ms: number | null }; count: number }>(
        [
          { $match: { ...emittedIn(period), state: { $in: ['delivered', 'parked'] } } },
          { $project: { _id: 0, state: 1, replays: 1, ms: { $subtract: ['$deliveredAt', '$emittedAt'] } } },
          // One that was sent once more was asked for by a person, and its time is theirs.
          {
            $group: {
              _id: { state: '$state', ms: { $cond: [{ $gt: ['$replays', 0] }, null, ROUNDED] } },
              count: { $sum: 1 },
            },
          },
          { $sort: { '_id.ms': 1 } },
        ],
        // The newest of a state are of this period, too, so MongoDB may take that index, and read all that was ever delivered.
        { hint: { emittedAt: 1 } },
      )
      .toArray();
    const of = (state: 'delivered' | 'parked') => rows.filter(({ _id }) => _id.state === state);
    const timed = of('delivered').flatMap(({ _id: { ms }, count }) => (ms === null ? [] : [{ ms, count }]));
    return {
      ...{ p50: percentileOf(timed, 50), p95: percentileOf(timed, 95) },
      ...{ delivered: totalOf(of('delivered')), parked: totalOf(of('parked')) },
    };
  }

  /** How many were emitted within a period, counted as far as `most`. */
  const count = (period: Period, most: number): Promise<number> =>
    messages.countDocuments(emittedIn(period), { limit: most });

  /** Whether one that was emitted within a period was delivered or parked since an instant or at it, or sent once more. */
  async function changedSince(period: Period, since: Date): Promise<boolean> {
    const changes = [{ deliveredAt: { $gte: since } }, { parkedAt: { $gte: since } }, { replays: { $gt: 0 } }];
    const found = await messages.findOne({ ...emittedIn(period), $or: changes }, { projection: { _id: 1 } });
    return found !== null;
  }

  /** When the first was emitted; null before there is one. */
  async function first(): Promise<Date | null> {
    const found = await messages.findOne({}, { sort: { emittedAt: 1 }, projection: { emittedAt: 1 } });
    return found?.emittedAt ?? null;
  }

  return { within, count, changedSince, first };
}

const ROUNDED = {
  $cond: [
    { $lt: ['$ms', FINE_MS] },
    { $max: ['$ms', 0] },
    { $multiply: [{ $round: [{ $divide: ['$ms', 1_000] }, 0] }, 1_000] },
  ],
};

function emittedIn({ start, end }: Period) {
  return { emittedAt: { $gte: start, $lt: end } };
}

type Timed = { ms: number; count: number };

/** The time that so many of a hundred did not exceed; `timed` is in the order of its times. */
function percentileOf(timed: Timed[], percent: number): number | null {
  const rank = Math.ceil((totalOf(timed) * percent) / 100);
  let passed = 0;
  for (const { ms, count } of timed) {
    passed += count;
    if (passed >= rank) return ms;
  }
  return null;
}

function totalOf(rows: { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}
