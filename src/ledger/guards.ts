import type { MinorUnits } from '../kernel/money.ts';
import type { Entry, EntryDraft, Guard } from './entry.ts';

/**
 * The accounts from which only numbered entries of their own book take, so that the numbers account for all that ever
 * left them. Other books are numbered, too, but a correction can take from a marketer or an affiliate without a number:
 * what their entries leave says nothing of what is there later.
 */
const GUARDED = /^(model|credit):/;

export function isGuarded(account: string): boolean {
  return GUARDED.test(account);
}

/** The last decrease of a book; number 0 before the first. */
export type LastDecrease = Guard;

/** What an account has, and what numbered entries of its book have taken from it. */
export type Summed = { balance: MinorUnits; taken: MinorUnits };

/** What a draft takes from the account of its book; below zero where it brings something. */
export function takenFrom({ book, postings }: Pick<EntryDraft, 'book' | 'postings'>): MinorUnits {
  return -postings.reduce((total, { account, amount }) => total + (account === book ? amount : 0), 0);
}

/** The guarded account, if any, from which an entry takes without being one of its numbered ones. */
export function takenUnguarded({
  book,
  guard,
  postings,
}: Pick<Entry, 'book' | 'guard' | 'postings'>): string | undefined {
  const isNumbered = (account: string) => guard !== undefined && account === book;
  return postings.find(({ account, amount }) => amount < 0 && isGuarded(account) && !isNumbered(account))?.account;
}

/** Whether there is anything to add up; verify has a line for what is of another shape. */
export function isWhole({ postings }: Pick<Entry, 'postings'>): boolean {
  return Array.isArray(postings) && postings.every((posting) => typeof posting?.account === 'string');
}

/** What the numbered entries of a book have taken, when its last is this one; undefined where only a sum tells. */
export function takenBy(last: LastDecrease): MinorUnits | undefined {
  return last.guard === 0 ? 0 : last.carried?.taken;
}

/** What the account of a book has at least, when its last decrease is this one; undefined where only a sum tells. */
export function boundOf(book: string, last: LastDecrease): Summed | undefined {
  if (!isGuarded(book)) return undefined;
  const { balance, taken } = last.guard === 0 ? { balance: 0, taken: 0 } : (last.carried ?? {});
  return balance === undefined || taken === undefined ? undefined : { balance, taken };
}

/** How one of several takes from one book is decided. */
export type Decision =
  | ({ kind: 'numbered' } & Guard)
  | { kind: 'insufficient'; balance: MinorUnits; missing: MinorUnits }
  /** One before it means the same, or answers the same question: what becomes of that decides. */
  | { kind: 'after-another' };

type Asked = Pick<EntryDraft, 'entryId' | 'book' | 'postings' | 'outcome'>;

/** Whether what is there covers all of these, one after the other. */
export function isCovered(asked: readonly Asked[], has: Summed): boolean {
  return decideTakes(asked, { guard: 0 }, has).every(({ kind }) => kind !== 'insufficient');
}

/** Decides takes from one book, in their order, each on what the one before has left. */
export function decideTakes(asked: readonly Asked[], last: LastDecrease, has: Summed): Decision[] {
  const seen = new Set<string>();
  let { guard } = last;
  let { balance, taken } = has;
  return asked.map((draft): Decision => {
    const needed = takenFrom(draft);
    const keys = [`id ${draft.entryId}`, ...(draft.outcome === undefined ? [] : [`outcome ${draft.outcome}`])];
    if (keys.some((key) => seen.has(key))) return { kind: 'after-another' };
    if (needed > balance) return { kind: 'insufficient', balance, missing: needed - balance };
    for (const key of keys) seen.add(key);
    guard += 1;
    balance -= needed;
    taken += needed;
    return { kind: 'numbered', guard, carried: { taken, ...(isGuarded(draft.book) ? { balance } : {}) } };
  });
}
