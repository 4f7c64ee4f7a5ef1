import type { MinorUnits } from '../kernel/money.ts';
import { contentHash } from './entry.ts';
import type { createLedgerStore } from './store.ts';

/** The kinds of accounts that the rules know; money in any other is nobody's to take or to pay. */
const KNOWN = /^(model|credit|marketer|affiliate|escrow|platform|world):/;
/** Accounts that may never be below zero: we decide to take from them, and only what is there. */
const NEVER_NEGATIVE = /^(model|credit|escrow):/;

/**
 * Derives the whole ledger again from its entries, without checkpoints, and answers every difference as a line; none
 * means that it is consistent. Memory grows with the number of accounts, not of entries.
 */
export async function verifyLedger(store: ReturnType<typeof createLedgerStore>): Promise<string[]> {
  const differences: string[] = [];
  const balances = new Map<string, MinorUnits>();
  const guards = new Map<string, { last: number; count: number }>();

  for await (const entry of store.entries.find({}).batchSize(1_000)) {
    let total = 0;
    for (const { account, amount } of entry.postings) {
      if (!Number.isSafeInteger(amount)) differences.push(`${entry._id}: ${account} gets ${amount}, not an integer`);
      total += amount;
      balances.set(account, (balances.get(account) ?? 0) + amount);
    }
    if (total !== 0) differences.push(`${entry._id}: postings sum to ${total}, not to zero`);
    if (contentHash(entry._id, entry.book, entry.postings) !== entry.hash) {
      differences.push(`${entry._id}: its content does not match its hash`);
    }
    if (entry.guard !== undefined) {
      const known = guards.get(entry.book) ?? { last: 0, count: 0 };
      guards.set(entry.book, { last: Math.max(known.last, entry.guard), count: known.count + 1 });
    }
  }
  for (const [book, { last, count }] of guards) {
    if (last !== count) differences.push(`${book}: ${count} decreases, but the last is number ${last}`);
  }
  for (const [account, balance] of balances) {
    if (balance !== 0 && !KNOWN.test(account)) {
      differences.push(`${account}: balance is ${balance}, and no rule will ever pay it`);
    }
    if (balance < 0 && NEVER_NEGATIVE.test(account)) differences.push(`${account}: balance is ${balance}, below zero`);
  }
  for await (const { _id: account, through, balance } of store.checkpoints.find({})) {
    const [sum] = await store.entries
      .aggregate<{ total: MinorUnits }>([
        { $match: { 'postings.account': account, insertedAt: { $lte: through } } },
        { $unwind: '$postings' },
        { $match: { 'postings.account': account } },
        { $group: { _id: null, total: { $sum: '$postings.amount' } } },
      ])
      .toArray();
    if ((sum?.total ?? 0) !== balance) {
      differences.push(`${account}: checkpoint says ${balance}, its entries ${sum?.total ?? 0}`);
    }
  }
  return differences;
}
