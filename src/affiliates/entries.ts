import type { MinorUnits } from '../kernel/money.ts';
import type { EntryDraft } from '../ledger/entry.ts';
import type { StoredCommission, StoredPayout } from './store.ts';

export function affiliateAccount(affiliateId: string): string {
  return `affiliate:${affiliateId}`;
}

/** What the ledger should have of a commission: its amount once it is approved, and nothing while it is not. */
export function owedOf({ state, amount }: Pick<StoredCommission, 'state' | 'amount'>): MinorUnits {
  return state === 'approved' || state === 'paid' ? amount : 0;
}

/**
 * Brings the ledger to a commission as it is now (design 3): at approval its amount, later what it was corrected by.
 * `postings` counts those before, so that the same change is written once.
 */
export function commissionEntry(commission: StoredCommission): EntryDraft {
  const { _id, affiliateId, posted, postings, changedAt } = commission;
  const amount = owedOf(commission) - posted;
  const first = `commission:${_id}:approved`;
  return {
    entryId: postings === 0 ? first : `commission:${_id}:corrected:${postings}`,
    book: affiliateAccount(affiliateId),
    postings: [
      { account: 'platform:commissions', amount: -amount },
      { account: affiliateAccount(affiliateId), amount },
    ],
    effectiveAt: changedAt,
    ...(postings === 0 ? {} : { reverses: first }),
  };
}

export function payoutAccount({ role, accountId }: Pick<StoredPayout, 'role' | 'accountId'>): string {
  return `${role}:${accountId}`;
}

/** The amount of a payout leaves the balance when it is drawn up (rules 6.3). */
export function dueEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:due`,
    book: payoutAccount(payout),
    outcome: drawnOutcome(payout),
    postings: [
      { account: payoutAccount(payout), amount: -payout.amount },
      { account: 'world:payouts', amount: payout.amount },
    ],
    effectiveAt: payout.drawnAt,
  };
}

/** The balance did not cover it: moves nothing, and keeps a slower process from taking it all the same. */
export function carriedEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:carried`,
    book: payoutAccount(payout),
    outcome: drawnOutcome(payout),
    postings: [],
    effectiveAt: payout.drawnAt,
  };
}

/** A failed payout returns to the balance (rules 6.3). */
export function failedEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:failed`,
    book: payoutAccount(payout),
    postings: [
      { account: 'world:payouts', amount: -payout.amount },
      { account: payoutAccount(payout), amount: payout.amount },
    ],
    effectiveAt: payout.endedAt ?? payout.drawnAt,
    reverses: `payout:${payout._id}:due`,
    ...(payout.actor === undefined ? {} : { actor: payout.actor }),
    ...(payout.reason === undefined ? {} : { reason: payout.reason }),
  };
}

function drawnOutcome({ _id }: StoredPayout): string {
  return `payout:${_id}:drawn`;
}
