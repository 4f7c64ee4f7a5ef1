import { type SealSource, sealSource } from '../seals/source.ts';
import type { createLedgerStore } from './store.ts';

/** Entries are sealed as they are: nothing of them ever changes. */
export function sealedEntries({ entries }: Pick<ReturnType<typeof createLedgerStore>, 'entries'>): SealSource {
  return sealSource({
    name: 'ledger_entries',
    collection: entries,
    fields: [
      ...(['book', 'postings', 'hash', 'effectiveAt', 'recordedAt'] as const),
      ...(['guard', 'carried', 'outcome', 'reverses', 'actor', 'reason', 'eventId', 'paidAt'] as const),
    ],
    content: ({ _id, ...entry }) => entry,
  });
}
