import type { MinorUnits } from '../kernel/money.ts';
import { adjustmentEntry } from '../ledger/adjustments.ts';
import type { EntryDraft, Posting } from '../ledger/entry.ts';
import type { ReturnedPayout, StoredCommission, StoredPayout } from './store.ts';

/** The accounts of what affiliates' commissions come to. */
export const AFFILIATE = 'affiliate:';

export function affiliateAccount(affiliateId: string): string {
  return `${AFFILIATE}${affiliateId}`;
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
  const { _id, affiliateId, kind, posted, postings, changedAt } = commission;
  const amount = owedOf(commission) - posted;
  if (kind === 'adjustment') {
    return adjustmentEntry({ adjustmentId: _id, account: affiliateAccount(affiliateId), amount, at: changedAt });
  }
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

export function marketerAccount(accountId: string): string {
  return `${MARKETER}${accountId}`;
}

/** The accounts of what people earned as marketers, whatever their role is now. */
export const MARKETER = 'marketer:';

/** The account that guards a payout: that of its commissions, or else of its earnings. */
export function payoutBook({ accountId, parts }: Pick<StoredPayout, 'accountId' | 'parts'>): string {
  return parts.commissions > 0 ? affiliateAccount(accountId) : marketerAccount(accountId);
}

/** The amount of a payout leaves the balances when it is generated (rules 6.3). */
export function dueEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:due`,
    book: payoutBook(payout),
    outcome: drawnOutcome(payout),
    postings: [...partPostings(payout, -1), { account: 'world:payouts', amount: payout.amount }],
    effectiveAt: payout.drawnAt,
  };
}

/** The balance did not cover it: moves nothing, and keeps a slower process from taking it all the same. */
export function carriedEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:carried`,
    book: payoutBook(payout),
    outcome: drawnOutcome(payout),
    postings: [],
    effectiveAt: payout.drawnAt,
  };
}

/** A failed payout returns to the balances (rules 6.3). */
export function failedEntry(payout: StoredPayout): EntryDraft {
  return {
    entryId: `payout:${payout._id}:failed`,
    book: payoutBook(payout),
    postings: [{ account: 'world:payouts', amount: -payout.amount }, ...partPostings(payout, 1)],
    effectiveAt: payout.endedAt ?? payout.drawnAt,
    reverses: `payout:${payout._id}:due`,
    ...(payout.eventId === undefined ? {} : { eventId: payout.eventId }),
    ...(payout.actor === undefined ? {} : { actor: payout.actor }),
    ...(payout.reason === undefined ? {} : { reason: payout.reason }),
  };
}

/** What came back of a paid payout is the balances' again, each part where it was taken from (rules 6.9). */
export function returnedEntry(payout: ReturnedPayout): EntryDraft {
  const { at, actor, eventId, reason } = payout.returned;
  return {
    entryId: returnedEntryId(payout._id),
    book: payoutBook(payout),
    postings: [{ account: 'world:payouts', amount: -payout.amount }, ...partPostings(payout, 1)],
    effectiveAt: at,
    reverses: `payout:${payout._id}:due`,
    actor,
    ...(eventId === undefined ? {} : { eventId }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export function returnedEntryId(payoutId: string): string {
  return `payout:${payoutId}:returned`;
}

function partPostings({ accountId, parts }: StoredPayout, sign: 1 | -1): Posting[] {
  const postings = [
    { account: affiliateAccount(accountId), amount: sign * parts.commissions },
    { account: marketerAccount(accountId), amount: sign * parts.earnings },
  ];
  return postings.filter(({ amount }) => amount !== 0);
}

function drawnOutcome({ _id }: StoredPayout): string {
  return `payout:${_id}:drawn`;
}
