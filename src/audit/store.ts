import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { RecordedAct } from '../events/recordedAct.ts';

/** One act of a person or a program; append only. `_id` is its cause, and `order` sorts in the order of time. */
export type AuditDocument = Omit<RecordedAct, 'key'> & {
  _id: string;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
};

const auditSchema = new Schema<AuditDocument>(
  {
    _id: { type: String, required: true },
    order: { type: String, required: true },
    actor: { type: String, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    reason: String,
    before: Schema.Types.Mixed,
    after: Schema.Types.Mixed,
    at: { type: Date, required: true },
    insertedAt: Date,
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false, collection: 'audit_records' },
);
// The order begins with the instant, so these are the indexes by time, and by subject, actor or act and time.
auditSchema.index({ order: -1 });
auditSchema.index({ subject: 1, order: -1 });
auditSchema.index({ actor: 1, order: -1 });
auditSchema.index({ action: 1, order: -1 });
// In the order in which they were written, to be sealed.
auditSchema.index({ insertedAt: 1 }, { partialFilterExpression: { insertedAt: { $exists: true } } });

export function createAuditStore(connection: Connection) {
  return driverCollection(connection.model<AuditDocument>('AuditRecord', auditSchema));
}
