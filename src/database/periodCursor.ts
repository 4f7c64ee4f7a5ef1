import type { mongo } from 'mongoose';

import { unlessDuplicate } from './duplicates.ts';

/** A document of a run's progress: `cursor` says which period was begun last, every other is of one period. */
type PeriodDocument = { _id: string; state?: 'closing' | 'closed' | undefined; through?: string | undefined };

/**
 * How far the periods of a run came, be it weeks that are invoiced or cycles that are paid out: they are begun strictly
 * one after the other. Ids of periods sort as the periods do; their documents are `kind:period`.
 */
export function createPeriodCursor<T extends PeriodDocument>(periods: mongo.Collection<T>, kind: string) {
  // Every field of PeriodDocument is one of T's; what else T holds is left alone.
  const documents = periods as unknown as mongo.Collection<PeriodDocument>;

  /** The last period begun; null before the first. */
  async function through(): Promise<string | null> {
    return (await documents.findOne({ _id: CURSOR }))?.through ?? null;
  }

  /** From here on this period, and every earlier one, takes nothing more. Its own document comes first. */
  async function begin(period: string): Promise<void> {
    await documents.updateOne({ _id: `${kind}:${period}` }, { $setOnInsert: { state: 'closing' } }, { upsert: true });
    await advance(period);
  }

  /** Counts a period as begun, unless a later one is. */
  async function advance(period: string): Promise<void> {
    // Where a later period was begun the filter misses, and the upsert meets the cursor's key.
    await unlessDuplicate(
      documents.updateOne(
        { _id: CURSOR, $or: [{ through: { $lt: period } }, { through: { $exists: false } }] },
        { $set: { through: period } },
        { upsert: true },
      ),
    );
  }

  return { through, begin, advance };
}

const CURSOR = 'cursor';
