import { groupBy } from '../../kernel/group.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import { sum } from '../../kernel/money.ts';
import type { Entry } from '../../ledger/entry.ts';
import { entryDifferences } from '../../ledger/entryDifferences.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { affiliateAccount, returnedEntryId } from '../entries.ts';
import { returnedPayoutOf } from '../items.ts';
import type { AffiliateStore, ItemKind, StoredCommission } from '../store.ts';

const BATCH = 500;

type Deps = { store: Pick<AffiliateStore, 'commissions'>; ledger: Pick<Ledger, 'entriesById'> };

/** Compares commissions with their ledger entries, in both directions: what each has posted is what its entries moved. */
export function createCommissionEntries({ store, ledger }: Deps) {
  /** A line for each commission whose entries are not all there, or come to another amount. */
  async function facts(): Promise<string[]> {
    // One with effects pending is about to be posted; its entry may be there or not.
    const settled = store.commissions.find({ postings: { $gte: 1 }, effectsPending: { $exists: false } });
    return linesOnAll(
      settled,
      BATCH,
      ({ _id }) => `commission ${_id}`,
      async (batch) => {
        const differences: string[] = [];
        const written = await ledger.entriesById(batch.flatMap(entryIdsOf));
        for (const commission of batch) {
          const mine = entryIdsOf(commission).map((id) => written.get(id));
          const there = mine.filter((entry) => entry !== undefined);
          const posted = sum(there.map((entry) => amountTo(commission.affiliateId, entry)));
          if (there.length !== mine.length) {
            differences.push(
              `commission ${commission._id}: ${mine.length} entries were posted, ${there.length} are there`,
            );
          } else if (posted !== commission.posted) {
            differences.push(
              `commission ${commission._id}: ${commission.posted} was posted, and its entries say ${posted}`,
            );
          }
        }
        return differences;
      },
    );
  }

  /** A line for each entry that no commission posted, or that moves other money. */
  async function entries(batch: Entry[]): Promise<string[]> {
    const byCommission = groupBy(batch, ({ _id }) => commissionOf(_id));
    const found = await store.commissions.find({ _id: { $in: [...byCommission.keys()] } }).toArray();
    const byId = new Map(found.map((commission) => [commission._id, commission]));
    return [...byCommission].flatMap(([commissionId, mine]) =>
      mine.flatMap((entry) => causeDifferences(entry, commissionId, byId.get(commissionId))),
    );
  }

  return { facts, entries };
}

function causeDifferences(entry: Entry, commissionId: string, commission: StoredCommission | undefined): string[] {
  const where = `ledger_entries/${entry._id}`;
  if (commission === undefined) return [`${where}: there is no commission ${commissionId}`];
  const { postings, effectsPending, affiliateId } = commission;
  const most = postings + (effectsPending === true ? 1 : 0);
  const ids = entryIdsOf({ ...commission, postings: most });
  if (!ids.includes(entry._id)) return [`${where}: commission ${commissionId} was posted ${postings} times`];
  const account = affiliateAccount(affiliateId);
  const amount = amountTo(affiliateId, entry);
  return entryDifferences(entry, {
    book: account,
    postings: [
      { account: 'platform:commissions', amount: -amount },
      { account, amount },
    ],
    reverses: entry._id === ids[0] ? undefined : ids[0],
  });
}

/** The names of the entries of a commission, in order: of its approval, then of what corrected it. Other items have one. */
function entryIdsOf({ _id, kind, postings }: Pick<StoredCommission, '_id' | 'kind' | 'postings'>): string[] {
  if (kind !== undefined) return [otherEntryId(kind, _id)].slice(0, postings);
  return Array.from({ length: postings }, (_, index) =>
    index === 0 ? `commission:${_id}:approved` : `commission:${_id}:corrected:${index}`,
  );
}

function otherEntryId(kind: ItemKind, itemId: string): string {
  return kind === 'adjustment' ? `adjustment:${itemId}` : returnedEntryId(returnedPayoutOf(itemId) ?? itemId);
}

function commissionOf(entryId: string): string {
  return /^commission:(.*?):(approved|corrected:\d+)$/.exec(entryId)?.[1] ?? entryId;
}

function amountTo(affiliateId: string, { postings }: Entry): number {
  const account = affiliateAccount(affiliateId);
  return sum(postings.filter((posting) => posting.account === account).map(({ amount }) => amount));
}
