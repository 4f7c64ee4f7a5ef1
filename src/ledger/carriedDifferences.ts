import type { MinorUnits } from '../kernel/money.ts';
import type { Carried, Entry } from './entry.ts';
import { isGuarded, isWhole, takenFrom } from './guards.ts';
import type { createLedgerStore } from './store.ts';

const BATCH = 1_000;

type Numbered = Pick<Entry, '_id' | 'book' | 'postings'> & { guard: number; carried?: Carried };

/**
 * A book as far as it was walked: what its entries took, what they should carry as taken, and how much had come in by
 * what the last of them carries.
 */
type Walked = { book: string; guard: number; took: MinorUnits; taken: MinorUnits; counted: MinorUnits; by?: string };

/**
 * Walks the decreases of each book by their numbers, and answers a line for each whose carried balance does not follow.
 * What an entry carries as taken is what it and all before it took, exactly. What it leaves at least and what was taken by
 * then come to what had come in as far as it was counted, which never becomes less from one to the next, and at the end
 * is no more than all that ever came in (`balances` says what is there now, by account). Whether money that came in was
 * there already when an entry counted it, no clock proves; but an entry that counts what is not there is named for as
 * long as it is not there, or by the next one. One step along an index; memory for one book.
 */
export async function carriedDifferences(
  { entries }: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  balances: Map<string, MinorUnits>,
): Promise<string[]> {
  const lines: string[] = [];
  let walked: Walked | undefined;
  const numbered = entries
    .find<Numbered>(
      { guard: { $gte: 1 }, book: { $gt: '' } },
      { projection: { book: 1, postings: 1, guard: 1, carried: 1 }, sort: { book: 1, guard: 1 } },
    )
    .batchSize(BATCH);
  for await (const entry of numbered) {
    if (walked?.book !== entry.book) {
      if (walked !== undefined) lines.push(...ended(walked, balances));
      walked = { book: entry.book, guard: 0, took: 0, taken: 0, counted: 0 };
    }
    lines.push(...step(walked, entry));
  }
  return walked === undefined ? lines : [...lines, ...ended(walked, balances)];
}

/** Goes on to an entry; the lines on it. */
function step(walked: Walked, { _id, book, postings, guard, carried }: Numbered): string[] {
  const where = `ledger_entries/${_id}`;
  const isNext = guard === walked.guard + 1;
  const needed = isWhole({ postings }) ? takenFrom({ book, postings }) : 0;
  walked.guard = guard;
  walked.took += needed;
  walked.taken += needed;
  if (carried === undefined) return [];
  const { balance, taken } = carried ?? {};
  const isReadable = Number.isSafeInteger(taken) && (balance === undefined || Number.isSafeInteger(balance));
  if (!isReadable) return [`${where}: what it carries are no amounts`];
  const lines: string[] = [];
  // What is missing in a gap is unknown, and has a line of its own.
  if (isNext && taken !== walked.taken) {
    lines.push(`${where}: it carries ${taken} as taken from ${book}, its entries took ${walked.taken}`);
  }
  walked.taken = taken;
  if (balance === undefined) return lines;
  if (!isGuarded(book))
    lines.push(`${where}: it carries a balance of ${book}, from which not only numbered entries take`);
  const counted = balance + taken;
  if (balance < 0 || counted < walked.counted) {
    lines.push(
      `${where}: it leaves ${balance} in ${book} of ${counted} that had come in, and by those before ${walked.counted} had`,
    );
  }
  walked.counted = counted;
  walked.by = where;
  return lines;
}

function ended({ book, took, counted, by }: Walked, balances: Map<string, MinorUnits>): string[] {
  const cameIn = (balances.get(book) ?? 0) + took;
  if (by === undefined || counted <= cameIn) return [];
  return [`${by}: it carries a balance of ${book} for which ${counted} had come in, and ${cameIn} ever did`];
}
