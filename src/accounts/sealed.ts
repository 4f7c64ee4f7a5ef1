import { type SealSource, sealSource } from '../seals/source.ts';
import type { AccountStore } from './store.ts';

/** Versions of accounts are sealed as they are stored, role and all: nothing of them ever changes. */
export function sealedVersions({ versions }: Pick<AccountStore, 'versions'>): SealSource {
  return sealSource({
    name: 'account_versions',
    collection: versions,
    fields: ['accountId', 'timestamp', 'data'],
    content: ({ accountId, timestamp, data }) => ({ accountId, timestamp, data }),
  });
}
