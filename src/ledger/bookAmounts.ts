import { type MinorUnits, sum } from '../kernel/money.ts';

/**
 * The accounts that only entries of their own book post to. Their entries say as `bookAmount`, a field of its own, what the
 * account gets: no index covers an element of an array, but one that has the book and this sums an account up without
 * reading its entries, which lie far apart.
 */
const OWN_BOOK_ALONE = /^affiliate:/;

type Posted = { book: string; postings: readonly { account: string; amount: MinorUnits }[] };

export function hasOwnBookAlone(account: string): boolean {
  return OWN_BOOK_ALONE.test(account);
}

/** What an entry says as its `bookAmount`; undefined for one that says nothing. */
export function bookAmountOf({ book, postings }: Posted): MinorUnits | undefined {
  if (!hasOwnBookAlone(book)) return undefined;
  return sum(postings.filter(({ account }) => account === book).map(({ amount }) => amount));
}

/** The account, if any, that an entry posts to though only entries of that account's own book do. */
export function postedFromOutside({ book, postings }: Posted): string | undefined {
  return postings.find(({ account }) => account !== book && hasOwnBookAlone(account))?.account;
}
