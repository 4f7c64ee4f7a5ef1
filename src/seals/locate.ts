import { LATE_MS } from './collect.ts';
import type { Reach } from './seal.ts';
import type { Sealed } from './source.ts';
import type { SealStore, StoredSeal } from './store.ts';

/** Seals after the one that reaches a document in which one that landed behind it may be. */
const LATER_SEALS = 60;

/**
 * The seal that a document is in, and its place among the documents of its source. `unsealed`: it is still to come.
 * `missing`: its time was sealed long ago, and it is in no seal.
 */
export async function locate(
  store: SealStore,
  source: string,
  document: Sealed,
): Promise<{ seal: StoredSeal; index: number } | 'unsealed' | 'missing'> {
  const number = await firstReaching(store, source, document);
  if (number === null) return 'unsealed';
  let reach: Reach | undefined;
  for await (const seal of store
    .find({ _id: { $gte: number } })
    .sort({ _id: 1 })
    .limit(LATER_SEALS)
    .batchSize(4)) {
    const index = seal.parts.find((part) => part.source === source)?.ids.indexOf(document.id) ?? -1;
    if (index >= 0) return { seal, index };
    reach = seal.reach[source];
  }
  const writtenAt = document.insertedAt?.getTime() ?? 0;
  return reach !== undefined && 'at' in reach && reach.at.getTime() - writtenAt < LATE_MS ? 'unsealed' : 'missing';
}

/** The first seal that reaches a document: seals are numbered without a gap, and each reaches as far as the one before. */
async function firstReaching(store: SealStore, source: string, document: Sealed): Promise<number | null> {
  const last = await store.findOne({}, { sort: { _id: -1 }, projection: { reach: 1 } });
  if (last === null || !reaches(last.reach[source], document)) return null;
  let [low, high] = [1, last._id];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const seal = await store.findOne({ _id: middle }, { projection: { reach: 1 } });
    if (reaches(seal?.reach[source], document)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Documents without a time come first, in the order of their ids. */
function reaches(reach: Reach | undefined, { id, insertedAt }: Sealed): boolean {
  if (reach === undefined) return false;
  if (insertedAt === null) return 'at' in reach || id <= reach.after;
  return 'at' in reach && insertedAt <= reach.at;
}
