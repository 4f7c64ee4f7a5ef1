import { type Migration, updateInBatches } from './migration.ts';

/** Entries of affiliates' books have what the affiliate gets in a field of its own, by which these accounts are summed up. */
export const amountsOfBooks: Migration = {
  name: '0008-amounts-of-books',
  up: (context) =>
    updateInBatches(context, 'ledger_entries', WITHOUT, [
      { $set: { bookAmount: { $sum: { $map: { input: OF_THE_BOOK, in: '$$this.amount' } } } } },
    ]),
};

const WITHOUT = {
  book: { $gte: 'affiliate:', $lt: 'affiliate;' },
  bookAmount: { $exists: false },
  // Verify names what is of another shape.
  postings: { $type: 'array' },
};
const OF_THE_BOOK = { $filter: { input: '$postings', cond: { $eq: ['$$this.account', '$book'] } } };
