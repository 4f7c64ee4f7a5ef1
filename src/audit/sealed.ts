import type { mongo } from 'mongoose';

import { type SealSource, sealSource } from '../seals/source.ts';
import type { AuditDocument } from './store.ts';

/** Audit records are sealed as they are: nothing of them ever changes. */
export function sealedAudit(records: mongo.Collection<AuditDocument>): SealSource {
  return sealSource({
    name: 'audit_records',
    collection: records,
    fields: ['order', 'actor', 'action', 'subject', 'reason', 'before', 'after', 'at'],
    content: ({ _id, ...record }) => record,
  });
}
