import { adjustmentEntry } from '../ledger/adjustments.ts';
import type { EntryDraft } from '../ledger/entry.ts';
import { balanceOf, isGuardedDecrease } from './adjustment.ts';
import type { StoredAdjustment } from './store.ts';

type Asked = Pick<StoredAdjustment, '_id' | 'account' | 'amount' | 'at'>;

/** What an adjustment moves. What is taken from a model is decided by it: it has one outcome, made or refused. */
export function madeEntry({ _id: adjustmentId, account, amount, at }: Asked): EntryDraft {
  const entry = adjustmentEntry({ adjustmentId, account, amount, at });
  const isDecided = isGuardedDecrease(balanceOf(account), amount);
  return isDecided ? { ...entry, outcome: outcomeOf(adjustmentId) } : entry;
}

/** The balance did not cover it: moves nothing, and keeps a slower process from taking it all the same. */
export function refusedEntry({ _id: adjustmentId, account, at }: Asked): EntryDraft {
  return {
    entryId: `adjustment:${adjustmentId}:refused`,
    book: account,
    outcome: outcomeOf(adjustmentId),
    postings: [],
    effectiveAt: at,
  };
}

function outcomeOf(adjustmentId: string): string {
  return `adjustment:${adjustmentId}`;
}
