import type { Connection } from 'mongoose';
import { insertIgnoringDuplicates, unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { Clock } from '../kernel/clock.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Texts } from '../privacy/texts.ts';
import { accountsBeginning } from './accounts.ts';
import { createBalances } from './balances.ts';
import { decidedLately } from './decidedLately.ts';
import { type Entry, type EntryDraft, entryOf, type Posting } from './entry.ts';
import { type Income, type IncomeQuery, incomesOf, type WeekIncome, weekIncomesOf } from './incomes.ts';
import { sealedEntries } from './sealed.ts';
import { createLedgerStore } from './store.ts';
import { createTopUpVerification } from './topUps.ts';
import { type EntryChecks, verifyLedger } from './verify.ts';

export type EntryView = {
  entryId: string;
  postings: Posting[];
  effectiveAt: Date;
  recordedAt: Date;
  reverses?: string;
};

/** The outcome of taking money from a guarded account. */
export type Taken =
  | { kind: 'written'; balance: MinorUnits }
  /** The same cause had been written before. */
  | { kind: 'already'; entry: Entry }
  /** Another entry has answered the question already. */
  | { kind: 'decided-otherwise'; entry: Entry }
  | { kind: 'insufficient'; balance: MinorUnits; missing: MinorUnits };

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The journal: double entry, append only. An entry is one document and one insert, and the insert is the commit.
 * `checkpointLagMs` is real time: entries younger than that are never summed up into a checkpoint.
 */
export function createLedger(deps: { connection: Connection; texts: Texts; clock: Clock; checkpointLagMs?: number }) {
  const store = createLedgerStore(deps.connection);
  const { balance, balances, balancesSince, lastGuards } = createBalances(store, deps.checkpointLagMs ?? 3_600_000);

  /**
   * Writes entries that need no guard: increases, and facts from outside. Idempotent by entry id; the same id with
   * other postings throws. Answers the ids whose outcome another entry has decided.
   */
  async function append(drafts: EntryDraft[]): Promise<Set<string>> {
    return insertAll((await withPrivateReasons(drafts)).map((draft) => ({ draft })));
  }

  /**
   * Takes from a guarded account, `draft.book`, what the draft's postings take from it; refuses when the balance does
   * not cover it. Of any number of attempts at once, on any number of processes, no two use the same money.
   */
  async function take(wanted: EntryDraft): Promise<Taken> {
    const [draft = wanted] = await withPrivateReasons([wanted]);
    for (;;) {
      const known = await find(draft);
      if (known !== undefined) return known;
      // The guard number is read before the balance: a decrease that comes in between makes the insert fail.
      const guard = (await lastGuards([draft.book])).get(draft.book) ?? 0;
      const available = await balance(draft.book);
      const needed = takenFrom(draft);
      if (needed > available) return { kind: 'insufficient', balance: available, missing: needed - available };
      const insert = store.entries.insertOne(document(draft, guard + 1), durable(store.entries));
      if ((await unlessDuplicate(insert)) !== null) return { kind: 'written', balance: available - needed };
    }
  }

  /**
   * Takes from many guarded accounts, one entry each, in a few commands. Answers the entries that exist now, written by
   * this call or earlier, by id; the rest was not covered, or another entry decided its outcome.
   */
  async function takeMany(drafts: EntryDraft[]): Promise<Map<string, Entry>> {
    const books = drafts.map((draft) => draft.book);
    const guards = await lastGuards(books);
    const available = await balances(books);
    const covered = drafts.filter((draft) => takenFrom(draft) <= (available.get(draft.book) ?? 0));
    const numbered = covered.map((draft) => ({ draft, guard: (guards.get(draft.book) ?? 0) + 1 }));
    const refused = await insertAll(numbered);
    // Another process took from the same account at the same moment: these are decided again, one by one.
    for (const { draft } of numbered) if (refused.has(draft.entryId)) await take(draft);
    const ids = drafts.map((draft) => draft.entryId);
    return entriesById(ids);
  }

  /** Why somebody wanted an entry is a person's text, of the account that it is about. */
  async function withPrivateReasons(drafts: EntryDraft[]): Promise<EntryDraft[]> {
    if (drafts.every(({ reason }) => reason === undefined)) return drafts;
    const reasons = drafts.flatMap(({ entryId: _id, book, reason }) =>
      reason === undefined ? [] : [{ _id, book, reason }],
    );
    const stored = await deps.texts.protect(COLLECTION, reasons, ({ key }, { book }) =>
      key === 'reason' ? [book.slice(book.indexOf(':') + 1)] : [],
    );
    const byId = new Map(stored.map(({ _id, reason }) => [_id, reason]));
    return drafts.map((draft) => ({ ...draft, ...reasonOf(byId.get(draft.entryId)) }));
  }

  async function readable(entries: Entry[]): Promise<Entry[]> {
    return entries.some(({ reason }) => reason !== undefined) ? deps.texts.reveal(COLLECTION, entries) : entries;
  }

  async function find(draft: EntryDraft): Promise<Taken | undefined> {
    const entry = await store.entries.findOne({ book: draft.book, _id: draft.entryId });
    if (entry !== null) {
      assertSame(entry, document(draft));
      return { kind: 'already', entry: (await readable([entry]))[0] ?? entry };
    }
    if (draft.outcome === undefined) return undefined;
    const other = await outcome(draft.book, draft.outcome);
    return other === undefined ? undefined : { kind: 'decided-otherwise', entry: other };
  }

  /** The entry that decided a question, if it is decided. */
  async function outcome(book: string, question: string): Promise<Entry | undefined> {
    const entry = await store.entries.findOne({ book, outcome: question });
    return entry === null ? undefined : (await readable([entry]))[0];
  }

  /** Which of these questions, each with its book, are decided; answers their names. */
  async function decided(questions: [book: string, question: string][]): Promise<Set<string>> {
    if (questions.length === 0) return new Set();
    const found = await store.entries
      .find(
        { book: { $in: questions.map(([book]) => book) }, outcome: { $in: questions.map(([, question]) => question) } },
        { projection: { outcome: 1 } },
      )
      .toArray();
    return new Set(found.map((entry) => entry.outcome ?? ''));
  }

  /** Which of these entries are written; answers their ids. */
  async function written(entryIds: string[]): Promise<Set<string>> {
    if (entryIds.length === 0) return new Set();
    const found = await store.entries.find({ _id: { $in: entryIds } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Those of these entries that are written, by id. */
  async function entriesById(entryIds: string[]): Promise<Map<string, Entry>> {
    const found = await store.entries.find({ _id: { $in: entryIds } }).toArray();
    return new Map((await readable(found)).map((entry) => [entry._id, entry]));
  }

  async function insertAll(items: { draft: EntryDraft; guard?: number }[]): Promise<Set<string>> {
    const documents = items.map(({ draft, guard }) => document(draft, guard));
    if ((await insertIgnoringDuplicates(store.entries, documents, durable(store.entries))).length === 0)
      return new Set();
    // Some were there before: each must be the same as before, or lost to another entry with its outcome or guard.
    const byId = await entriesById(documents.map(({ _id }) => _id));
    const refused = new Set<string>();
    for (const wanted of documents) {
      const found = byId.get(wanted._id);
      if (found === undefined) refused.add(wanted._id);
      else assertSame(found, wanted);
    }
    return refused;
  }

  function document(draft: EntryDraft, guard?: number): Entry {
    return entryOf(draft, deps.clock.now(), new Date(realMilliseconds()), guard);
  }

  /** Entries in the order of their ids, of one account or of all. */
  async function entries(request: PageRequest & { account?: string }): Promise<Page<EntryView>> {
    const found = store.entries
      .find({
        ...(request.account === undefined ? {} : { 'postings.account': request.account }),
        ...(request.after === undefined ? {} : { _id: { $gt: request.after } }),
      })
      .sort({ _id: 1 });
    const { items, next } = await readPage(found, request.limit, ({ _id }) => _id);
    return { items: items.map(entryView), next };
  }

  /** What an account got lately, by week and by what for. */
  function incomes(query: IncomeQuery): Promise<Income[]> {
    return incomesOf(store, query);
  }

  /** What an account got lately, by week. */
  function weekIncomes(query: IncomeQuery): Promise<WeekIncome[]> {
    return weekIncomesOf(store, query);
  }

  /** Whether anything was posted after a real instant to an account whose name begins like this, as `marketer:`. */
  async function postedSince(prefix: string, at: Date): Promise<boolean> {
    const account = { $gte: prefix, $lt: `${prefix}\uffff` };
    const some = { postings: { $elemMatch: { account } }, insertedAt: { $gt: at } };
    return (await store.entries.findOne(some, { projection: { _id: 1 } })) !== null;
  }

  /** Entries whose ids begin like this and go on like that. Ids may have colons in them, so that the beginning alone says little. */
  async function idsOf(beginning: string, rest: RegExp): Promise<string[]> {
    const found = await store.entries
      .find({ _id: { $gte: beginning, $lt: `${beginning}\uffff` } }, { projection: { _id: 1 }, sort: { _id: 1 } })
      .toArray();
    return found.map(({ _id }) => _id).filter((id) => rest.test(id.slice(beginning.length)));
  }

  return {
    append,
    idsOf,
    postedSince,
    /** How many entries there are; the database keeps the number, so asking costs nothing. */
    count: () => store.entries.estimatedDocumentCount(),
    take,
    takeMany,
    outcome,
    decided,
    decidedLately: (beginning: string) => decidedLately(store.entries, beginning, realMilliseconds()),
    written,
    balance,
    balances,
    balancesSince,
    accountsBeginning: (prefix: string, after?: string) => accountsBeginning(store, prefix, after),
    entries,
    incomes,
    weekIncomes,
    verify: (checks?: EntryChecks) => verifyLedger(store, checks),
    entriesById,
    topUps: createTopUpVerification(entriesById),
    sealed: sealedEntries(store),
  };
}

const COLLECTION = 'ledger_entries';

function reasonOf(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

function takenFrom(draft: EntryDraft): MinorUnits {
  return -draft.postings.reduce((total, { account, amount }) => total + (account === draft.book ? amount : 0), 0);
}

function assertSame(stored: Entry, wanted: Entry): void {
  if (stored.hash === wanted.hash) return;
  throw new BrokenInvariant(`ledger entry ${stored._id} is written already, with other postings`);
}

function entryView(entry: Entry): EntryView {
  return {
    entryId: entry._id,
    postings: entry.postings.map(({ account, amount }) => ({ account, amount })),
    effectiveAt: entry.effectiveAt,
    recordedAt: entry.recordedAt,
    ...(entry.reverses === undefined ? {} : { reverses: entry.reverses }),
  };
}
