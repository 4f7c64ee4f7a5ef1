import { type SealSource, sealSource } from '../seals/source.ts';
import type { PaydayStore } from './store.ts';

/** Of a hold is sealed what was decided; that somebody released it, and what it still sets off, comes later. */
export function sealedHolds({ holds }: Pick<PaydayStore, 'holds'>): SealSource {
  return sealSource({
    name: 'payout_holds',
    collection: holds,
    fields: ['subject', 'accountId', 'at', 'until', 'reason', 'actor'],
    content: ({ subject, accountId, at, until, reason, actor }) => ({ subject, accountId, at, until, reason, actor }),
  });
}
