import { type SealSource, sealSource } from '../seals/source.ts';
import { type AdjustmentStore, COLLECTION } from './store.ts';

/** Of an adjustment is sealed what was asked for; whether it was covered, the ledger says. */
export function sealedAdjustments(adjustments: AdjustmentStore): SealSource {
  return sealSource({
    name: COLLECTION,
    collection: adjustments,
    fields: ['account', 'accountId', 'amount', 'reason', 'actor', 'at'],
    content: ({ account, accountId, amount, reason, actor, at }) => ({ account, accountId, amount, reason, actor, at }),
  });
}
