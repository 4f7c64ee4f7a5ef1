import type { Entry, EntryDraft } from '../../ledger/entry.ts';
import { entryDifferences } from '../../ledger/entryDifferences.ts';
import { affiliateAccount, carriedEntry, dueEntry, failedEntry, marketerAccount, returnedEntry } from '../entries.ts';
import type { AffiliateStore, StoredPayout } from '../store.ts';

/** Compares the ledger entries of payouts with the payouts: none takes or returns what no payout pays. */
export async function verifyPayoutEntries(
  { payouts }: Pick<AffiliateStore, 'payouts'>,
  batch: Entry[],
): Promise<string[]> {
  const parts = batch.map((entry) => ({ entry, ...partsOf(entry._id) }));
  const ids = [...new Set(parts.map(({ payoutId }) => payoutId))];
  const found = await payouts.find({ _id: { $in: ids } }).toArray();
  const byId = new Map(found.map((payout) => [payout._id, payout]));
  return parts.flatMap(({ entry, payoutId, what }) => {
    const payout = byId.get(payoutId);
    const where = `ledger_entries/${entry._id}`;
    if (payout === undefined) return [`${where}: there is no payout ${payoutId}`];
    const draft = draftOf(payout, what);
    if (draft === undefined) return [`${where}: payout ${payoutId} is ${payout.status}, and moves nothing so`];
    const { eventId, reverses } = draft;
    // A bar stands in the book of what was to be paid, which nothing says any more.
    const book = what === 'carried' && booksOf(payout).includes(entry.book) ? entry.book : draft.book;
    return entryDifferences(entry, { ...draft, book, eventId, reverses });
  });
}

function booksOf({ accountId }: StoredPayout): string[] {
  return [affiliateAccount(accountId), marketerAccount(accountId)];
}

function partsOf(entryId: string): { payoutId: string; what: string } {
  const [, payoutId = '', what = ''] = /^payout:(.*):([a-z]+)$/.exec(entryId) ?? [];
  return { payoutId, what };
}

/** What a payout writes under such a name; undefined where it writes nothing. */
function draftOf(payout: StoredPayout, what: string): EntryDraft | undefined {
  const { status } = payout;
  switch (what) {
    case 'due':
      return status === 'carried' ? undefined : dueEntry(payout);
    case 'carried':
      return status === 'carried' || status === 'generating' ? carriedEntry(payout) : undefined;
    case 'returned':
      return payout.returned === undefined ? undefined : returnedEntry({ ...payout, returned: payout.returned });
    case 'failed':
      return status === 'failed' ? failedEntry(payout) : undefined;
    default:
      return undefined;
  }
}
