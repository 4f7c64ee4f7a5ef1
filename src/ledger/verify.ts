import { groupBy, inBatches } from '../kernel/group.ts';
import { linesOn } from '../kernel/lines.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { awaitAll } from '../kernel/wait.ts';
import { bookAmountOf, postedFromOutside } from './bookAmounts.ts';
import { carriedDifferences } from './carriedDifferences.ts';
import { type Checkpoints, wordsOf } from './checkpoints.ts';
import { contentHash, type Entry } from './entry.ts';
import { isWhole, takenUnguarded } from './guards.ts';
import type { createLedgerStore } from './store.ts';

/** The kinds of accounts that the rules know; money in any other is nobody's to take or to pay. */
const KNOWN = /^(model|credit|marketer|affiliate|escrow|held|platform|world):/;
/** Accounts that may never be below zero: we decide to take from them, and only what is there. */
const NEVER_NEGATIVE = /^(model|credit|escrow|held):/;

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
  checkpoints: Pick<Checkpoints, 'wrong'>,
  checks?: EntryChecks,
): Promise<string[]> {
  const differences: string[] = [];
  const balances = new Map<string, MinorUnits>();
  const guards = new Map<string, { last: number; count: number }>();

  for await (const batch of inBatches(store.entries.find({}).batchSize(BATCH), BATCH)) {
    differences.push(...(await linesOn(batch, nameOf, (entries) => entries.flatMap(verifyEntry))));
    for (const entry of batch.filter(isWhole)) count(entry);
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
  differences.push(...(await carriedDifferences(store, balances)));
  for await (const { account, says, entries } of checkpoints.wrong()) {
    differences.push(`${account}: checkpoint says ${wordsOf(says)}, its entries ${wordsOf(entries)}`);
  }
  return differences;

  function count({ postings, guard, book }: Entry): void {
    for (const { account, amount } of postings) balances.set(account, (balances.get(account) ?? 0) + amount);
    if (guard === undefined) return;
    const known = guards.get(book) ?? { last: 0, count: 0 };
    guards.set(book, { last: Math.max(known.last, guard), count: known.count + 1 });
  }
}

function verifyEntry(entry: Entry): string[] {
  const { _id, book, postings, hash } = entry;
  const unguarded = takenUnguarded(entry);
  const outside = isWhole(entry) ? postedFromOutside(entry) : undefined;
  const bookAmount = isWhole(entry) ? bookAmountOf(entry) : entry.bookAmount;
  const total = postings.reduce((soFar, { amount }) => soFar + amount, 0);
  return [
    ...postings
      .filter(({ amount }) => !Number.isSafeInteger(amount))
      .map(({ account, amount }) => `${_id}: ${account} gets ${amount}, not an integer`),
    ...(total === 0 ? [] : [`${_id}: postings sum to ${total}, not to zero`]),
    ...(contentHash(_id, book, postings) === hash ? [] : [`${_id}: its content does not match its hash`]),
    ...(unguarded === undefined ? [] : [`${_id}: it takes from ${unguarded}, and is none of its numbered decreases`]),
    ...(outside === undefined ? [] : [`${_id}: it posts to ${outside}, and is no entry of its book`]),
    ...(entry.bookAmount === bookAmount
      ? []
      : [`${_id}: its bookAmount is ${entry.bookAmount ?? 'none'}, not ${bookAmount ?? 'none'}`]),
  ];
}

function nameOf({ _id }: Entry): string {
  return `ledger_entries/${_id}`;
}

async function verifyCauses(batch: Entry[], checks: EntryChecks): Promise<string[]> {
  const byKind = [...groupBy(batch, ({ _id }) => _id.slice(0, Math.max(0, _id.indexOf(':'))))];
  const lines = await awaitAll(
    byKind.map(async ([kind, entries]) => {
      const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
      if (check !== undefined) return linesOn(entries, nameOf, check);
      return entries.map(({ _id }) => `ledger_entries/${_id}: no rule writes such an entry`);
    }),
  );
  return lines.flat();
}
