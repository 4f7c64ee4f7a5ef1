import type { mongo } from 'mongoose';

import { searchWordsOf } from '../../kernel/searchWords.ts';
import type { Migration } from './migration.ts';

type Named = { _id: string; data: { name: string }; searchWords: string[]; erasedAt?: Date };

const BATCH = 1_000;

/** Names are found as they are typed without letters like ł and ß, and with what stands between their letters. */
export const moreSearchWords: Migration = {
  name: '0009-more-search-words',
  async up({ database, assertLeased }) {
    const accounts = database.collection<Named>('accounts');
    for (let after = ''; ; ) {
      await assertLeased();
      const found = await accounts
        .find({ _id: { $gt: after } }, { projection: { 'data.name': 1, searchWords: 1, erasedAt: 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const last = found.at(-1);
      if (last === undefined) return;
      const changes = found.flatMap(changeOf);
      if (changes.length > 0) await accounts.bulkWrite(changes, { ordered: false });
      after = last._id;
    }
  },
};

/** Whoever was erased, also meanwhile, is found by nothing; and a name that has changed meanwhile brought its own words. */
function changeOf({ _id, data, searchWords, erasedAt }: Named): mongo.AnyBulkWriteOperation<Named>[] {
  const words = searchWordsOf(data.name, _id);
  if (erasedAt !== undefined || words.join(' ') === searchWords.join(' ')) return [];
  const filter = { _id, 'data.name': data.name, erasedAt: { $exists: false } };
  return [{ updateOne: { filter, update: { $set: { searchWords: words } } } }];
}
