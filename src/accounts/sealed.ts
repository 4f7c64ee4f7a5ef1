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

/** Of a decision about a role is sealed what was decided; what it still sets off changes. */
export function sealedRoleDecisions({ roleDecisions }: Pick<AccountStore, 'roleDecisions'>): SealSource {
  return sealSource({
    name: 'role_decisions',
    collection: roleDecisions,
    fields: ['accountId', 'number', 'role', 'by', 'reason', 'at'],
    content: ({ accountId, number, role, by, reason, at }) => ({ accountId, number, role, by, reason, at }),
  });
}
