import type { mongo } from 'mongoose';

import { searchWordsOf } from '../../kernel/searchWords.ts';
import type { Migration } from './migration.ts';

type Named = { _id: string; data: { name: string } };

const BATCH = 1_000;

/** Accounts are found by the words of their names. */
export const addSearchWordsOfAccounts: Migration = {
  name: '0003-search-words-of-accounts',
  async up({ database, assertLeased }) {
    const accounts = database.collection<Named>('accounts');
    const without: mongo.Filter<Named> = { searchWords: { $exists: false } };
    for (let after = ''; ; ) {
      await assertLeased();
      const found = await accounts
        .find({ ...without, _id: { $gt: after } }, { projection: { 'data.name': 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const last = found.at(-1);
      if (last === undefined) return;
      await accounts.bulkWrite(
        found.map(({ _id, data }) => ({
          updateOne: { filter: { _id }, update: { $set: { searchWords: searchWordsOf(data.name, _id) } } },
        })),
        { ordered: false },
      );
      after = last._id;
    }
  },
};
