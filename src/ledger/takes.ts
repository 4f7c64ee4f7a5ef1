import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { failedWrites, isDuplicateKey } from '../kernel/errors.ts';
import { createFairQueue } from '../kernel/fairQueue.ts';
import { groupBy } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { awaitAll } from '../kernel/wait.ts';
import type { Balances } from './balances.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Carried, Entry, EntryDraft, Guard } from './entry.ts';
import { boundOf, decideTakes, isCovered, type LastDecrease, type Summed, takenBy } from './guards.ts';
import type { createLedgerStore } from './store.ts';

/** The outcome of taking money from an account. */
export type Taken =
  | { kind: 'written'; entry: Entry }
  /** The same cause had been written before. */
  | { kind: 'already'; entry: Entry }
  /** Another entry has answered the question already. */
  | { kind: 'decided-otherwise'; entry: Entry }
  | { kind: 'insufficient'; balance: MinorUnits; missing: MinorUnits };

/** Too many takes wait for the database, and most of them from the account of this one; asked for again, it is decided. */
export class TooManyTakes extends Error {
  override name = 'TooManyTakes';
}

const TAKES_PER_BATCH = 256;
/** So many wait at most. */
const WAITING = 20_000;

type Waiting = { draft: EntryDraft; settle: (outcome: Taken | Error) => void };
type Numbered = Waiting & { entry: Entry };
type Short = Waiting & { outcome: Taken };

/**
 * Takes from guarded accounts in groups: what is asked for in one turn of the loop, or while a write is under way, is
 * decided and written together. One aggregate reads the last decrease of each book, and what that carries decides; only
 * where it does not cover what is asked for, the account is summed up. Several takes from one book are numbered one after
 * the other. Whoever loses a race is decided again. Accounts take turns, and `find` looks up what is written already.
 */
export function createTakes(deps: {
  store: ReturnType<typeof createLedgerStore>;
  balances: Pick<Balances, 'sums' | 'wholeSums'>;
  checkpoints: Pick<Checkpoints, 'dropBehind'>;
  document: (draft: EntryDraft, guard: Guard) => Entry;
  find: (drafts: EntryDraft[]) => Promise<Map<EntryDraft, Taken | Error>>;
  limits?: { batch: number; waiting: number };
}) {
  const { store, balances } = deps;
  const limits = deps.limits ?? { batch: TAKES_PER_BATCH, waiting: WAITING };
  const queue = createFairQueue<Waiting>();
  let again: Waiting[] = [];
  let isWriting = false;

  /** Takes one after the other within `lane`, and in turns with others. Rejects with TooManyTakes. */
  function take(draft: EntryDraft, lane = draft.book): Promise<Taken> {
    while (queue.size() >= limits.waiting) {
      const dropped = queue.dropFromHeaviest(queue.weightOf(lane) + 1);
      if (dropped === undefined) return Promise.reject(tooMany(draft));
      dropped.settle(tooMany(dropped.draft));
    }
    return new Promise((resolve, reject) => {
      const settle = (outcome: Taken | Error): void => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      queue.push(lane, { draft, settle }, 1);
      // One turn of the loop: what came in together is decided together.
      if (!isWriting) setImmediate(writeWaiting);
    });
  }

  async function writeWaiting(): Promise<void> {
    if (isWriting || again.length + queue.size() === 0) return;
    isWriting = true;
    const batch = again.splice(0, limits.batch);
    while (batch.length < limits.batch && queue.size() > 0) {
      const next = queue.take();
      if (next !== undefined) batch.push(next);
    }
    try {
      again = [...again, ...(await decide(batch))];
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      // What was settled before stays settled.
      for (const one of batch) one.settle(failure);
    } finally {
      isWriting = false;
      if (again.length + queue.size() > 0) setImmediate(writeWaiting);
    }
  }

  /** Answers those that are to be decided again. */
  async function decide(batch: Waiting[]): Promise<Waiting[]> {
    const books = groupBy(batch, ({ draft }) => draft.book);
    const last = await lastDecreases([...books.keys()]);
    const has = await balancesOf(books, last);
    const numbered: Numbered[] = [];
    const short: Short[] = [];
    const others: Waiting[] = [];
    for (const [book, waiting] of books) {
      const decisions = decideTakes(
        waiting.map(({ draft }) => draft),
        last.get(book) ?? NONE,
        has.get(book) ?? NOTHING,
      );
      for (const [index, one] of waiting.entries()) {
        const decision = decisions[index];
        if (decision?.kind === 'numbered') {
          const { kind: _, ...guard } = decision;
          numbered.push({ ...one, entry: deps.document(one.draft, guard) });
        } else if (decision?.kind === 'insufficient') short.push({ ...one, outcome: decision });
        else others.push(one);
      }
    }
    const lost = await insert(numbered);
    // What was too much beside one that has taken nothing, as it was written before, may not be too much without it.
    const lostBooks = new Set(lost.map(({ draft }) => draft.book));
    const [unsure, sure] = partition(short, ({ draft }) => lostBooks.has(draft.book));
    return settleKnown([...lost, ...others, ...unsure], sure);
  }

  /** What each book's account has at least, or exactly, where what is carried does not cover what is asked for. */
  async function balancesOf(
    books: Map<string, Waiting[]>,
    last: Map<string, LastDecrease>,
  ): Promise<Map<string, Summed>> {
    const answer = new Map<string, Summed>();
    const toSum: string[] = [];
    const toSumWhole: string[] = [];
    for (const [book, waiting] of books) {
      const before = last.get(book) ?? NONE;
      const bound = boundOf(book, before);
      const asked = waiting.map(({ draft }) => draft);
      if (bound !== undefined && isCovered(asked, bound)) answer.set(book, bound);
      else if (takenBy(before) === undefined) toSumWhole.push(book);
      else toSum.push(book);
    }
    const [sums, whole] = await awaitAll([
      toSum.length === 0 ? Promise.resolve(new Map<string, Summed>()) : balances.sums(toSum),
      balances.wholeSums(toSumWhole),
    ]);
    for (const [book, sum] of whole ?? []) answer.set(book, sum);
    for (const [book, sum] of sums ?? []) {
      // What was taken is what the last decrease says: a checkpoint may miss one that landed late, but never that.
      const taken = takenBy(last.get(book) ?? NONE) ?? sum.taken;
      answer.set(book, { balance: sum.balance + sum.taken - taken, taken });
    }
    return answer;
  }

  /** Writes what is numbered, and settles what is written; answers those that lost to an entry that is there. */
  async function insert(numbered: Numbered[]): Promise<Numbered[]> {
    const books = [...groupBy(numbered, ({ draft }) => draft.book).values()];
    const lost = await awaitAll([
      insertEach(books.filter(({ length }) => length === 1).flat()),
      insertChains(books.filter(({ length }) => length > 1).flat()),
    ]);
    return lost.flat();
  }

  /** One of each book at most. */
  async function insertEach(numbered: Numbered[]): Promise<Numbered[]> {
    const entries = numbered.map(({ entry }) => entry);
    const failed = new Set(await insertIgnoringDuplicates(store.entries, entries, durable(store.entries)));
    await settleWritten(numbered.filter((_, index) => !failed.has(index)));
    return numbered.filter((_, index) => failed.has(index));
  }

  /**
   * Several of each book, in order: where one fails, nothing of its book may follow, which would be numbered with a gap
   * and carry what the failed one has not left.
   */
  async function insertChains(numbered: Numbered[]): Promise<Numbered[]> {
    const lost: Numbered[] = [];
    for (let left = numbered; left.length > 0; ) {
      const failed = await insertInOrder(left.map(({ entry }) => entry));
      await settleWritten(left.slice(0, failed));
      const rest = left.slice(failed);
      const book = rest[0]?.draft.book;
      lost.push(...rest.filter(({ draft }) => draft.book === book));
      left = rest.filter(({ draft }) => draft.book !== book);
    }
    return lost;
  }

  /** Answers how many are written before the first that another entry is in the way of. */
  async function insertInOrder(entries: Entry[]): Promise<number> {
    try {
      await store.entries.insertMany(entries, { ordered: true, ...durable(store.entries) });
      return entries.length;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return failedWrites(error)[0];
    }
  }

  async function settleWritten(written: Numbered[]): Promise<void> {
    await deps.checkpoints.dropBehind(written.map(({ entry }) => entry));
    for (const { entry, settle } of written) settle({ kind: 'written', entry });
  }

  /**
   * What is written already, or decided otherwise, was so before anything was insufficient. Answers those of `lost` that
   * are neither: they lost their number to another.
   */
  async function settleKnown(lost: Waiting[], short: Short[]): Promise<Waiting[]> {
    if (lost.length + short.length === 0) return [];
    const known = await deps.find([...lost, ...short].map(({ draft }) => draft));
    for (const { draft, outcome, settle } of short) settle(known.get(draft) ?? outcome);
    return lost.filter(({ draft, settle }) => {
      const outcome = known.get(draft);
      if (outcome !== undefined) settle(outcome);
      return outcome === undefined;
    });
  }

  /** The last decrease of each book; a book without one is left out. */
  async function lastDecreases(books: string[]): Promise<Map<string, LastDecrease>> {
    const rows = store.entries.aggregate<{ _id: string } & LastDecrease>(lastDecreasesPipeline(books));
    return new Map((await rows.toArray()).map(({ _id, guard, carried }) => [_id, lastOf(guard, carried)]));
  }

  return { take };
}

/** One step along the index for each book, however many decreases it has. */
export function lastDecreasesPipeline(books: string[]) {
  return [
    { $match: { book: { $in: books }, guard: { $gte: 1 } } },
    { $sort: { book: -1, guard: -1 } },
    { $group: { _id: '$book', guard: { $first: '$guard' }, carried: { $first: '$carried' } } },
  ];
}

const NONE: LastDecrease = { guard: 0 };
const NOTHING: Summed = { balance: 0, taken: 0 };

function partition<T>(items: T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** An entry without carried balance has null here. */
function lastOf(guard: number, carried: Carried | null | undefined): LastDecrease {
  return carried === null || carried === undefined ? { guard } : { guard, carried };
}

function tooMany({ entryId }: EntryDraft): TooManyTakes {
  return new TooManyTakes(`too many takes are waiting for the ledger, among them ${entryId}`);
}
