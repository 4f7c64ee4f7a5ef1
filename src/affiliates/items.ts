import type { MinorUnits } from '../kernel/money.ts';
import type { CycleDate, ItemKind, StoredCommission } from './store.ts';

/** What a payday pays, or takes back, of an account: a commission, or what comes of no sale. */
export type ItemName = 'commission' | ItemKind;

/** An item that comes of no sale; it is approved at the instant it is made, and `cycle` takes it (rules 6.8, 6.9). */
export function itemOf(of: {
  itemId: string;
  kind: ItemKind;
  affiliateId: string;
  amount: MinorUnits;
  at: Date;
  cycle: CycleDate;
}): StoredCommission {
  const { itemId, kind, affiliateId, amount, at, cycle } = of;
  return {
    ...{ _id: itemId, kind, affiliateId, amount, cycle },
    ...{ subscriptionId: '', paymentId: '', programId: '' },
    ...{ paidAt: at, listedFrom: at, holdUntil: at, approvesAt: at, knownAt: at, changedAt: at },
    ...{ state: 'approved', approvalDay: '', revision: 1, posted: 0, postings: 0 },
  };
}

/** The item that what came back of a payout's commissions is. */
export function returnItemId(payoutId: string): string {
  return `${payoutId}${RETURN}`;
}

/** The payout that such an item came back of; null for another item. */
export function returnedPayoutOf(itemId: string): string | null {
  return itemKindOf(itemId) === 'return' ? itemId.slice(0, -RETURN.length) : null;
}

/** What an item is, by its id: those of sales name their subscription, and what of it, after a `~`. */
export function itemKindOf(itemId: string): ItemName {
  if (/^adj~[\w-]{22}$/.test(itemId)) return 'adjustment';
  return /^\d{4}-\d{2}-\d{2}:[^~]+~return$/.test(itemId) ? 'return' : 'commission';
}

const RETURN = '~return';
