import type { Connection } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { Clock } from '../kernel/clock.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { awaitAll } from '../kernel/wait.ts';
import type { Texts } from '../privacy/texts.ts';
import { accountEntries } from './accountEntries.ts';
import { accountsBeginning } from './accounts.ts';
import { createBalances } from './balances.ts';
import { postedFromOutside } from './bookAmounts.ts';
import { type Cause, causeOf } from './cause.ts';
import { createCheckpoints } from './checkpoints.ts';
import { decidedLately } from './decidedLately.ts';
import { type Entry, type EntryDraft, entryOf, type Guard, hashOfDraft, type Posting } from './entry.ts';
import { createEntryStreams } from './entryStreams.ts';
import { takenUnguarded } from './guards.ts';
import { type Income, type IncomeQuery, incomesOf, type WeekIncome, weekIncomesOf } from './incomes.ts';
import { sealedEntries } from './sealed.ts';
import { createLedgerStore } from './store.ts';
import { createTakes, type Taken } from './takes.ts';
import { createTopUpVerification } from './topUps.ts';
import { type EntryChecks, verifyLedger } from './verify.ts';

export type EntryView = {
  entryId: string;
  postings: Posting[];
  effectiveAt: Date;
  recordedAt: Date;
  reverses?: string;
  /** What it was written for; null where its id does not say so. */
  cause: Cause | null;
  /** The platform's event that it came of. */
  eventId?: string;
  /** Of one account's entries: what that had once this was written. */
  balanceAfter?: MinorUnits;
};

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The journal: double entry, append only. An entry is one document and one insert, and the insert is the commit.
 * `checkpointLagMs` is real time: entries younger than that are never summed up into a checkpoint.
 */
export function createLedger(deps: {
  connection: Connection;
  texts: Texts;
  clock: Clock;
  checkpointLagMs?: number;
  entriesPerCheckpoint?: number;
}) {
  const store = createLedgerStore(deps.connection);
  const checkpoints = createCheckpoints(store, deps.checkpointLagMs ?? 3_600_000);
  const { balance, balances, balancesSince, sums, wholeSums } = createBalances(
    store,
    checkpoints,
    deps.entriesPerCheckpoint ?? 100,
  );
  const takes = createTakes({ store, balances: { sums, wholeSums }, checkpoints, document, find });

  /**
   * Writes entries that need no guard: increases, and facts from outside. Idempotent by entry id; the same id with
   * other postings throws, and so does one that takes from a guarded account (guards.ts). Answers the ids whose outcome
   * another entry has decided.
   */
  async function append(drafts: EntryDraft[]): Promise<Set<string>> {
    const documents = (await withPrivateReasons(drafts)).map((draft) => document(draft));
    const duplicates = await insertIgnoringDuplicates(store.entries, documents, durable(store.entries));
    if (duplicates.length === 0) {
      await checkpoints.dropBehind(documents);
      return new Set();
    }
    // Some were there before: each must be the same as before, or lost to another entry with its outcome.
    const byId = await entriesById(documents.map(({ _id }) => _id));
    // Those, too: whoever wrote them may have died before it looked.
    await checkpoints.dropBehind([...byId.values()]);
    const refused = new Set<string>();
    for (const wanted of documents) {
      const found = byId.get(wanted._id);
      if (found === undefined) refused.add(wanted._id);
      else assertSame(found, wanted.hash);
    }
    return refused;
  }

  /**
   * Takes from the account of `draft.book` what the draft's postings take from it; refuses when the balance does not
   * cover it. Of any number of attempts at once, on any number of processes, no two use the same money. Rejects with
   * TooManyTakes.
   */
  async function take(wanted: EntryDraft): Promise<Taken> {
    const [taken] = await takeAll([wanted]);
    if (taken === undefined) throw new BrokenInvariant(`nothing became of ${wanted.entryId}`);
    return taken;
  }

  /**
   * Takes from many accounts. Answers the entries that exist now, written by this call or earlier, by id; the rest was
   * not covered, or another entry decided its outcome.
   */
  async function takeMany(drafts: EntryDraft[]): Promise<Map<string, Entry>> {
    // All in one lane: whoever asks for one take beside it waits for its turn and not for all of these.
    const taken = await takeAll(drafts, 'many');
    return new Map(
      taken.flatMap((one) => (one.kind === 'written' || one.kind === 'already' ? [[one.entry._id, one.entry]] : [])),
    );
  }

  /** The outcomes, in the order of the drafts. */
  async function takeAll(wanted: EntryDraft[], lane?: string): Promise<Taken[]> {
    const drafts = await withPrivateReasons(wanted);
    // What is no entry at all is refused here, and not in the middle of a group.
    for (const draft of drafts) document(draft, { guard: 0 });
    const taken = await awaitAll(drafts.map((draft) => takes.take(draft, lane)));
    return taken.map((one, index) =>
      one.kind === 'written' ? { ...one, entry: { ...one.entry, ...reasonOf(wanted[index]?.reason) } } : one,
    );
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

  /** What is known of drafts already: those that are written, or whose outcome another entry has decided. */
  async function find(drafts: EntryDraft[]): Promise<Map<EntryDraft, Taken | Error>> {
    const books = [...new Set(drafts.map(({ book }) => book))];
    const questions = drafts.flatMap(({ outcome: question }) => question ?? []);
    const [written = [], deciding = []] = await awaitAll([
      store.entries.find({ book: { $in: books }, _id: { $in: drafts.map(({ entryId }) => entryId) } }).toArray(),
      questions.length === 0
        ? Promise.resolve([])
        : store.entries.find({ book: { $in: books }, outcome: { $in: questions } }).toArray(),
    ]);
    await checkpoints.dropBehind([...written, ...deciding]);
    const byId = new Map((await readable(written)).map((entry) => [entry._id, entry]));
    const byOutcome = new Map((await readable(deciding)).map((entry) => [outcomeKey(entry), entry]));
    const known = new Map<EntryDraft, Taken | Error>();
    for (const draft of drafts) {
      const same = byId.get(draft.entryId);
      const other = draft.outcome === undefined ? undefined : byOutcome.get(outcomeKey(draft));
      if (same !== undefined) {
        const isSame = same.book === draft.book && same.hash === hashOfDraft(draft);
        known.set(draft, isSame ? { kind: 'already', entry: same } : otherPostings(same._id));
      } else if (other !== undefined) known.set(draft, { kind: 'decided-otherwise', entry: other });
    }
    return known;
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

  function document(draft: EntryDraft, guard?: Guard): Entry {
    const entry = entryOf(draft, deps.clock.now(), new Date(realMilliseconds()), guard);
    const account = takenUnguarded(entry);
    if (account !== undefined) throw new BrokenInvariant(`${entry._id} takes from ${account} outside its numbers`);
    const outside = postedFromOutside(entry);
    if (outside !== undefined) throw new BrokenInvariant(`${entry._id} posts to ${outside} outside its book`);
    return entry;
  }

  /**
   * All entries in the order of their ids, or those of one account, the last written first, with the balance that each left
   * (accountEntries.ts). Throws a RangeError for a cursor that is none of the account's list.
   */
  async function entries({ account, ...request }: PageRequest & { account?: string }): Promise<Page<EntryView>> {
    if (account !== undefined) {
      const { items, next } = await accountEntries(store, checkpoints, { ...request, account });
      return { items: items.map(({ entry, balanceAfter }) => ({ ...entryView(entry), balanceAfter })), next };
    }
    const found = store.entries
      .find(request.after === undefined ? {} : { _id: { $gt: request.after } })
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
    verify: (checks?: EntryChecks) => verifyLedger(store, checkpoints, checks),
    /** Drops checkpoints that differ from the entries; answers a line for each. */
    dropWrongCheckpoints: checkpoints.dropWrong,
    entriesById,
    ...createEntryStreams(store, readable),
    topUps: createTopUpVerification(entriesById),
    sealed: sealedEntries(store),
  };
}

const COLLECTION = 'ledger_entries';

function reasonOf(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

function outcomeKey({ book, outcome }: Pick<EntryDraft, 'book' | 'outcome'>): string {
  return `${book}\n${outcome}`;
}

function assertSame(stored: Entry, hash: string): void {
  if (stored.hash !== hash) throw otherPostings(stored._id);
}

function otherPostings(entryId: string): BrokenInvariant {
  return new BrokenInvariant(`ledger entry ${entryId} is written already, with other postings`);
}

function entryView(entry: Entry): EntryView {
  return {
    entryId: entry._id,
    postings: entry.postings.map(({ account, amount }) => ({ account, amount })),
    effectiveAt: entry.effectiveAt,
    recordedAt: entry.recordedAt,
    ...(entry.reverses === undefined ? {} : { reverses: entry.reverses }),
    cause: causeOf(entry._id),
    ...(entry.eventId === undefined ? {} : { eventId: entry.eventId }),
  };
}
