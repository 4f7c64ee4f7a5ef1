import type { mongo } from 'mongoose';

import type { CycleDate, StoredPayout } from '../store.ts';

/** What payouts that are paid with a payday come to; `of`: what they have in common. */
export type BatchRow = { batch: CycleDate; of: Record<string, string>; sums: Record<string, number> };

type Row = { _id: Record<string, string> & { cycle: CycleDate; batchCycle?: CycleDate | null } } & Record<
  string,
  unknown
>;

/**
 * Sums of payouts by the payday that pays them, and by `group`: a payday's own are read from its index alone, and those that were carried
 * to it, which are few, along theirs. A payday may have several rows that are alike but for where their payouts came from.
 */
export async function byBatch(
  payouts: mongo.Collection<StoredPayout>,
  cycles: CycleDate[],
  { which, group, sums }: Record<'which' | 'group' | 'sums', mongo.Document>,
): Promise<BatchRow[]> {
  const rows = (match: mongo.Document): Promise<Row[]> =>
    payouts
      .aggregate<Row>([
        { $match: { ...match, ...which } },
        { $group: { _id: { ...group, cycle: '$cycle', batchCycle: '$batchCycle' }, ...sums } },
      ])
      .toArray();
  const [own, carried] = await Promise.all([rows({ cycle: { $in: cycles } }), rows({ batchCycle: { $in: cycles } })]);
  // An index has nothing for a field that is not there, and the document has no field.
  const stayed = own.filter(({ _id }) => (_id.batchCycle ?? null) === null);
  return [...stayed, ...carried].map(({ _id: { cycle, batchCycle, ...of }, ...rest }) => ({
    ...{ batch: batchCycle ?? cycle, of },
    sums: rest as Record<string, number>,
  }));
}
