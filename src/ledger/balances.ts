import { realMilliseconds } from '../kernel/clock.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import type { Cents } from '../kernel/money.ts';
import type { createLedgerStore } from './store.ts';

/** So many entries are summed up before a checkpoint is worth its write. */
const ENTRIES_PER_CHECKPOINT = 1_000;

type Store = ReturnType<typeof createLedgerStore>;

/**
 * Balances: the last checkpoint of an account plus what was posted to it later. Only entries older than `lagMs` of real
 * time go into a checkpoint, so one whose insert was on its way for a while is never left out.
 */
export function createBalances(store: Store, lagMs: number) {
  async function balance(account: string): Promise<Cents> {
    return (await balances([account])).get(account) ?? 0;
  }

  /** The balances of many accounts; an account that nothing was posted to has 0. */
  async function balances(accounts: string[]): Promise<Map<string, Cents>> {
    const checkpoints = await store.checkpoints.find({ _id: { $in: accounts } }).toArray();
    const answer = new Map<string, Cents>(accounts.map((account) => [account, 0]));
    const from = new Map(checkpoints.map((checkpoint) => [checkpoint._id, checkpoint]));
    const whole = accounts.filter((account) => !from.has(account));
    for (const { account, total, count } of await posted(whole)) {
      answer.set(account, total);
      if (count >= ENTRIES_PER_CHECKPOINT) await writeCheckpoint(account);
    }
    for (const { _id: account, balance: base, through } of checkpoints) {
      const [later] = await posted([account], { $gt: through });
      answer.set(account, base + (later?.total ?? 0));
      if ((later?.count ?? 0) >= ENTRIES_PER_CHECKPOINT) await writeCheckpoint(account);
    }
    return answer;
  }

  async function posted(accounts: string[], insertedAt?: { $gt?: Date; $lte?: Date }) {
    if (accounts.length === 0) return [];
    const wanted = accounts.length === 1 ? accounts[0] : { $in: accounts };
    return store.entries
      .aggregate<{ account: string; total: Cents; count: number }>([
        { $match: { 'postings.account': wanted, ...(insertedAt === undefined ? {} : { insertedAt }) } },
        { $project: { _id: 0, postings: 1 } },
        { $unwind: '$postings' },
        { $match: { 'postings.account': wanted } },
        { $group: { _id: '$postings.account', total: { $sum: '$postings.amount' }, count: { $sum: 1 } } },
        { $project: { _id: 0, account: '$_id', total: 1, count: 1 } },
      ])
      .toArray();
  }

  async function writeCheckpoint(account: string): Promise<void> {
    const through = new Date(realMilliseconds() - lagMs);
    const [sum] = await posted([account], { $lte: through });
    if (sum === undefined) return;
    // Only ever forward: a slower process must not put an older checkpoint over a newer one.
    try {
      await store.checkpoints.updateOne(
        { _id: account, through: { $lt: through } },
        { $set: { balance: sum.total, through } },
        { upsert: true },
      );
    } catch (error) {
      // The upsert of an older checkpoint meets the key of a newer one, which stays.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The number of the last decrease of each book; a book without one is left out. */
  async function lastGuards(books: string[]): Promise<Map<string, number>> {
    if (books.length === 1) {
      const [last] = await store.entries
        .find({ book: books[0] ?? '', guard: { $exists: true } }, { projection: { _id: 0, book: 1, guard: 1 } })
        .sort({ book: 1, guard: -1 })
        .limit(1)
        .toArray();
      return new Map(last === undefined ? [] : [[last.book, last.guard ?? 0]]);
    }
    const rows = await store.entries
      .aggregate<{ _id: string; guard: number }>([
        { $match: { book: { $in: books }, guard: { $exists: true } } },
        { $group: { _id: '$book', guard: { $max: '$guard' } } },
      ])
      .toArray();
    return new Map(rows.map((row) => [row._id, row.guard]));
  }

  return { balance, balances, lastGuards };
}
