import { groupBy, inBatches } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { contentHash, type Entry } from './entry.ts';
import type { createLedgerStore } from './store.ts';

/** The kinds of accounts that the rules know; money in any other is nobody's to take or to pay. */
const KNOWN = /^(model|credit|marketer|affiliate|escrow|platform|world):/;
/** Accounts that may never be below zero: we decide to take from them, and only what is there. */
const NEVER_NEGATIVE = /^(model|credit|escrow):/;

const BATCH = 1_000;

/** For each kind of cause, with which the ids of its entries begin: the lines on entries that do not follow from one. */
export type EntryChecks = Record<string, (entries: Entry[]) => Promise<string[]>>;

/**
 * Derives the whole ledger again from its entries, without checkpoints, and answers every difference as a line; none
 * means that it is consistent. With `checks` each entry is compared with its cause, too. Memory grows with the number of
 * accounts, not of entries.
 */
export async function verifyLedger(
  store: ReturnType<typeof createLedgerStore>,
  checks?: EntryChecks,
): Promise<string[]> {
  const differences: string[] = [];
  const balances = new Map<string, MinorUnits>();
  const guards = new Map<string, { last: number; count: number }>();

  for await (const batch of inBatches(store.entries.find({}).batchSize(BATCH), BATCH)) {
    for (const entry of batch) verifyEntry(entry);
    if (checks !== undefined) differences.push(...(await verifyCauses(batch, checks)));
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

  function verifyEntry(entry: Entry): void {
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
}

async function verifyCauses(batch: Entry[], checks: EntryChecks): Promise<string[]> {
  const differences: string[] = [];
  for (const [kind, entries] of groupBy(batch, ({ _id }) => _id.slice(0, Math.max(0, _id.indexOf(':'))))) {
    const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
    if (check !== undefined) differences.push(...(await check(entries)));
    else differences.push(...entries.map(({ _id }) => `ledger_entries/${_id}: no rule writes such an entry`));
  }
  return differences;
}
