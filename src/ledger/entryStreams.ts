import type { Period } from '../kernel/calendar.ts';
import { inBatches } from '../kernel/group.ts';
import type { Entry, Posting } from './entry.ts';
import { type createLedgerStore, EFFECTIVE_INDEX } from './store.ts';

const BATCH = 500;

/** What was posted at an instant of the service's clock. */
export type RecordedPostings = { postings: Posting[]; recordedAt: Date };

/** Entries one after the other, for whoever reads all of a period: memory holds a batch of them, however many there are. */
export function createEntryStreams(
  { entries }: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  readable: (entries: Entry[]) => Promise<Entry[]>,
) {
  /** The entries that take effect in a period, in the order of that; of one instant by id. */
  async function* effectiveWithin({ start, end }: Period): AsyncGenerator<Entry[], undefined> {
    const found = entries.find({ effectiveAt: { $gte: start, $lt: end } }, { sort: EFFECTIVE_INDEX }).batchSize(BATCH);
    for await (const batch of inBatches(found, BATCH)) yield await readable(batch);
  }

  /** What was recorded in a period, in the order of that. */
  function recordedWithin({ start, end }: Period): AsyncIterable<RecordedPostings> {
    return entries
      .find<RecordedPostings>(
        { recordedAt: { $gte: start, $lt: end } },
        { projection: { _id: 0, postings: 1, recordedAt: 1 }, sort: { recordedAt: 1 } },
      )
      .batchSize(BATCH);
  }

  /** How many entries were recorded in a period, counted as far as `most`. */
  const recordedCount = ({ start, end }: Period, most: number): Promise<number> =>
    entries.countDocuments({ recordedAt: { $gte: start, $lt: end } }, { limit: most });

  /** When the first entry was recorded from an instant on; null where there is none. */
  async function firstRecordedFrom(at: Date): Promise<Date | null> {
    const found = await entries.findOne(
      { recordedAt: { $gte: at } },
      { projection: { recordedAt: 1 }, sort: { recordedAt: 1 } },
    );
    return found?.recordedAt ?? null;
  }

  return { effectiveWithin, recordedWithin, recordedCount, firstRecordedFrom };
}
