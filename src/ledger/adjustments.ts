import type { MinorUnits } from '../kernel/money.ts';
import type { EntryDraft } from './entry.ts';

/** What a balance is corrected by, by hand (rules 6.8): more where `amount` is above zero, less where it is below. */
export type AdjustmentFacts = { adjustmentId: string; account: string; amount: MinorUnits; at: Date };

/** The difference is the platform's. Its book is the account itself, so that a decrease of a guarded one can be numbered. */
export function adjustmentEntry({ adjustmentId, account, amount, at }: AdjustmentFacts): EntryDraft {
  return {
    entryId: `adjustment:${adjustmentId}`,
    book: account,
    postings: [
      { account: 'platform:adjustments', amount: -amount },
      { account, amount },
    ],
    effectiveAt: at,
  };
}
