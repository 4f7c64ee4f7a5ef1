import { hashOf } from '../kernel/ids.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import { bookAmountOf } from './bookAmounts.ts';

/** One side of an entry: plus means that the account gets more. */
export type Posting = { account: string; amount: MinorUnits };

/**
 * An entry as a slice drafts it. `entryId` names its cause, so the same cause is written once for ever. `book` is the
 * account that is guarded, or else the subject's: it follows from the cause alone, and entries are unique within their
 * book. `outcome` names a question that has one answer only (an invoice is completed or void): of two entries with one
 * outcome the second is refused.
 */
export type EntryDraft = {
  entryId: string;
  book: string;
  postings: Posting[];
  effectiveAt: Date;
  outcome?: string;
  reverses?: string;
  /** The platform's event that it came of, where it came from outside. */
  eventId?: string;
  /** Who or what caused it, and why: for whoever reads it later; not part of what it means. */
  actor?: string;
  reason?: string;
  /** When the money came outside, where that is not when it is effective; not part of what it means either. */
  paidAt?: Date;
};

/**
 * What a numbered entry carries on to the next of its book: `taken`, what the numbered entries of the book have taken by
 * then, this one included, and in the book of a guarded account (guards.ts) `balance`, what the account has at least once
 * it is written. More may be there: what comes in is not numbered, and counts from the next summing up.
 */
export type Carried = { taken: MinorUnits; balance?: MinorUnits };

/** The place of an entry among the decreases of its book. */
export type Guard = { guard: number; carried?: Carried };

/** An entry as it is stored: one document, one insert, never changed. `_id` is the entry id. */
export type Entry = {
  _id: string;
  book: string;
  postings: Posting[];
  hash: string;
  effectiveAt: Date;
  /** The service's clock when it was written. */
  recordedAt: Date;
  /** Real time when it was written: the order in which checkpoints sum up. */
  insertedAt: Date;
  /** Numbers the decreases of the book's account without a gap; unique, so that two can never be decided on one balance. */
  guard?: number;
  /** Entries of before there was such a thing have none. */
  carried?: Carried;
  /** What the account of the book gets, where that is summed up by it (bookAmounts.ts): the same as `postings` say. */
  bookAmount?: MinorUnits;
  outcome?: string;
  reverses?: string;
  eventId?: string;
  actor?: string;
  reason?: string;
  paidAt?: Date;
};

/** Like `merged`, and insists that the sum is zero. */
function balanced(postings: Posting[]): Posting[] {
  const parts = merged(postings);
  const total = sum(parts.map((posting) => posting.amount));
  if (total !== 0) throw new RangeError(`postings do not sum to zero but to ${total}`);
  return parts;
}

/** Drops what moves nothing, and merges what one account gets in several parts. */
export function merged(postings: Posting[]): Posting[] {
  const byAccount = new Map<string, MinorUnits>();
  for (const { account, amount } of postings) byAccount.set(account, (byAccount.get(account) ?? 0) + amount);
  return [...byAccount].filter(([, amount]) => amount !== 0).map(([account, amount]) => ({ account, amount }));
}

/** The document of a draft. The hash covers what the entry means, not when it was written. */
export function entryOf(draft: EntryDraft, recordedAt: Date, insertedAt: Date, guard?: Guard): Entry {
  const postings = balanced(draft.postings);
  const bookAmount = bookAmountOf({ book: draft.book, postings });
  return {
    _id: draft.entryId,
    book: draft.book,
    postings,
    hash: contentHash(draft.entryId, draft.book, postings),
    effectiveAt: draft.effectiveAt,
    recordedAt,
    insertedAt,
    ...guard,
    ...(bookAmount === undefined ? {} : { bookAmount }),
    ...(draft.outcome === undefined ? {} : { outcome: draft.outcome }),
    ...(draft.reverses === undefined ? {} : { reverses: draft.reverses }),
    ...(draft.eventId === undefined ? {} : { eventId: draft.eventId }),
    ...(draft.actor === undefined ? {} : { actor: draft.actor }),
    ...(draft.reason === undefined ? {} : { reason: draft.reason }),
    ...(draft.paidAt === undefined ? {} : { paidAt: draft.paidAt }),
  };
}

/** The hash that the entry of a draft has: whether what is written is what should be. */
export function hashOfDraft({ entryId, book, postings }: EntryDraft): string {
  return contentHash(entryId, book, merged(postings));
}

/** Two attempts at one cause must mean the same movements; when they happened may differ by a retry. */
export function contentHash(entryId: string, book: string, postings: Posting[]): string {
  const sorted = [...postings].sort((a, b) => (a.account < b.account ? -1 : 1));
  return hashOf(JSON.stringify([entryId, book, sorted.map(({ account, amount }) => [account, amount])]));
}
