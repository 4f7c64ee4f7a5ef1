import type { mongo } from 'mongoose';

import { unlessDuplicate } from '../database/duplicates.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Entry } from './entry.ts';
import type { Checkpoint, createLedgerStore } from './store.ts';

/** This many entries are summed up again each time before a checkpoint is worth its write. */
const ENTRIES_PER_CHECKPOINT = 100;

type Store = ReturnType<typeof createLedgerStore>;

type Sum = { account: string; total: MinorUnits; count: number };

/** A balance as it is, and as it stood at an instant of the service's clock. */
export type BalanceSince = { now: MinorUnits; before: MinorUnits };

/**
 * Balances: the last checkpoint of an account plus what was posted to it later. Only entries older than `lagMs` of real
 * time go into a checkpoint, so one whose insert was on its way for a while is never left out. Checkpoints are taken at
 * common instants, one each `lagMs`: accounts that are asked for together are then summed up together.
 */
export function createBalances(store: Store, lagMs: number) {
  async function balance(account: string): Promise<MinorUnits> {
    return (await balances([account])).get(account) ?? 0;
  }

  /** The balances of many accounts; 0 for an account without entries. */
  async function balances(accounts: string[]): Promise<Map<string, MinorUnits>> {
    const checkpoints = await store.checkpoints.find({ _id: { $in: accounts } }).toArray();
    const known = new Map(checkpoints.map((checkpoint) => [checkpoint._id, checkpoint]));
    const answer = new Map<string, MinorUnits>(accounts.map((account) => [account, known.get(account)?.balance ?? 0]));
    for (const [from, group] of groupBy(answer.keys(), (account) => known.get(account)?.through.getTime() ?? 0)) {
      const posted = await postedTo(group, { $gt: new Date(from) });
      for (const { account, total } of posted) answer.set(account, (answer.get(account) ?? 0) + total);
      const many = posted.filter(({ count }) => count >= ENTRIES_PER_CHECKPOINT).map(({ account }) => account);
      if (many.length > 0) await writeCheckpoints(many, known, from);
    }
    return answer;
  }

  /**
   * The balances of accounts as they are, and as they stood at `at` by the service's clock: without what was recorded at
   * that instant or later (rules 0: money counts from arrival). What the service took itself counts from its effective
   * time, because a late job moves no money (rules 0).
   */
  async function balancesSince(accounts: string[], at: Date): Promise<Map<string, BalanceSince>> {
    const answer = new Map<string, BalanceSince>();
    for (let left = accounts; left.length > 0; left = left.filter((account) => !answer.has(account))) {
      const first = await recordedSince(left, at);
      const now = await balances(left);
      const later = await recordedSince(left, at);
      for (const account of left) {
        // What was written between the reads may be in one of them alone: such an account is read again.
        if (first.get(account)?.count !== later.get(account)?.count) continue;
        const balance = now.get(account) ?? 0;
        answer.set(account, { now: balance, before: balance - (later.get(account)?.total ?? 0) });
      }
    }
    return answer;
  }

  async function recordedSince(accounts: string[], at: Date): Promise<Map<string, Sum>> {
    const takenBefore = { guard: { $exists: true }, effectiveAt: { $lt: at } };
    const rows = await sumsOf(accounts, { recordedAt: { $gte: at }, $nor: [takenBefore] });
    return new Map(rows.map((row) => [row.account, row]));
  }

  /** Sums up what was posted to accounts in a range of real time. */
  function postedTo(accounts: string[], insertedAt: { $gt: Date; $lte?: Date }): Promise<Sum[]> {
    return sumsOf(accounts, { insertedAt });
  }

  function sumsOf(accounts: string[], when: mongo.Filter<Entry>): Promise<Sum[]> {
    const wanted = accounts.length === 1 ? accounts[0] : { $in: accounts };
    return store.entries
      .aggregate<Sum>([
        { $match: { 'postings.account': wanted, ...when } },
        { $project: { _id: 0, postings: 1 } },
        { $unwind: '$postings' },
        { $match: { 'postings.account': wanted } },
        { $group: { _id: '$postings.account', total: { $sum: '$postings.amount' }, count: { $sum: 1 } } },
        { $project: { _id: 0, account: '$_id', total: 1, count: 1 } },
      ])
      .toArray();
  }

  /** Of accounts whose last checkpoints are those of one instant, `from`; 0 for those that have none. */
  async function writeCheckpoints(accounts: string[], last: Map<string, Checkpoint>, from: number): Promise<void> {
    const step = Math.max(lagMs, 1);
    const through = Math.floor(realMilliseconds() / step) * step - lagMs;
    if (from >= through) return;
    const range = { $gt: new Date(from), $lte: new Date(through) };
    const updates = (await postedTo(accounts, range)).map(({ account, total }) => ({
      updateOne: {
        // Only ever forward: a slower process must not put an older checkpoint over a newer one.
        filter: { _id: account, through: { $lt: range.$lte } },
        update: { $set: { balance: (last.get(account)?.balance ?? 0) + total, through: range.$lte } },
        upsert: true,
      },
    }));
    if (updates.length === 0) return;
    // The upsert of an older checkpoint meets the key of a newer one, which stays.
    await unlessDuplicate(store.checkpoints.bulkWrite(updates, { ordered: false }));
  }

  /** The number of the last decrease of each book; a book without one is left out. */
  async function lastGuards(books: string[]): Promise<Map<string, number>> {
    const rows = await store.entries.aggregate<{ _id: string; guard: number }>(lastGuardsPipeline(books)).toArray();
    return new Map(rows.map((row) => [row._id, row.guard]));
  }

  return { balance, balances, balancesSince, lastGuards };
}

/** One step along the index for each book, however many decreases it has. */
export function lastGuardsPipeline(books: string[]) {
  return [
    { $match: { book: { $in: books }, guard: { $gte: 1 } } },
    { $sort: { book: -1, guard: -1 } },
    { $group: { _id: '$book', guard: { $first: '$guard' } } },
  ];
}
