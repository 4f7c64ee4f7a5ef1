import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { AnnouncedStanding, StandingChange } from './standingChange.ts';

/** What a manager decided about a model (rules 2.5, 2.6). `running`: a grace whose end is still to come. */
export type StoredDecision = {
  _id: string;
  modelId: string;
  kind: 'grace' | 'terminate' | 'keep';
  at: Date;
  until?: Date;
  running?: true;
  reason: string;
  actor: string;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  /** The standing before it, while the audit record and the effects are still pending. */
  pendingEffects?: AnnouncedStanding;
};

/** That a manager had a model reminded of an invoice, once a day at most. `_id` is invoice and day. */
export type StoredReminder = { _id: string; invoiceId: string; actor: string; at: Date };

/**
 * That no warning about an unpaid invoice could be delivered, and the platform was told so at `at` (rules 2.9). `running`: the
 * invoice takes effect at `until`, which is still to come.
 */
export type StoredUnreached = { _id: string; modelId: string; at: Date; until: Date; running?: true };

/** What was announced of a model's standing. `version` counts refreshes, `changes` what they found. */
export type StoredStanding = {
  _id: string;
  version: number;
  changes: number;
  assessedAt: Date;
  /** Of the policy that it was refreshed by. */
  policyHash: string;
  announced: AnnouncedStanding;
  pendingNotifications?: StandingChange[];
  hasPendingNotifications?: true;
};

const id = { type: String, required: true } as const;

const decisionSchema = new Schema<StoredDecision>(
  {
    _id: id,
    modelId: String,
    kind: String,
    at: Date,
    until: Date,
    running: Boolean,
    reason: String,
    actor: String,
    insertedAt: Date,
    pendingEffects: Schema.Types.Mixed,
  },
  { versionKey: false, collection: 'standing_decisions' },
);
decisionSchema.index({ modelId: 1, at: 1 });
// In the order in which they were written, to be sealed.
decisionSchema.index({ insertedAt: 1 }, { partialFilterExpression: { insertedAt: { $exists: true } } });
decisionSchema.index({ until: 1 }, { partialFilterExpression: { running: true } });
decisionSchema.index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: { $exists: true } } });

const reminderSchema = new Schema<StoredReminder>(
  { _id: id, invoiceId: String, actor: String, at: Date },
  { versionKey: false, collection: 'invoice_reminders' },
);
reminderSchema.index({ invoiceId: 1, at: 1 });

const unreachedSchema = new Schema<StoredUnreached>(
  { _id: id, modelId: String, at: Date, until: Date, running: Boolean },
  { versionKey: false, collection: 'unreached_invoices' },
);
unreachedSchema.index({ modelId: 1 });
unreachedSchema.index({ until: 1 }, { partialFilterExpression: { running: true } });

const standingSchema = new Schema<StoredStanding>(
  {
    _id: id,
    version: Number,
    changes: Number,
    assessedAt: Date,
    policyHash: String,
    announced: Schema.Types.Mixed,
    pendingNotifications: { type: [Schema.Types.Mixed], default: undefined },
    hasPendingNotifications: Boolean,
  },
  { versionKey: false, collection: 'standings' },
);
standingSchema.index({ hasPendingNotifications: 1 }, { partialFilterExpression: { hasPendingNotifications: true } });
standingSchema.index({ 'announced.terminationReview': 1, _id: 1 });

export type StandingStore = ReturnType<typeof createStandingStore>;

export function createStandingStore(connection: Connection) {
  return {
    decisions: driverCollection(connection.model<StoredDecision>('StandingDecision', decisionSchema)),
    reminders: driverCollection(connection.model<StoredReminder>('InvoiceReminder', reminderSchema)),
    unreached: driverCollection(connection.model<StoredUnreached>('UnreachedInvoice', unreachedSchema)),
    standings: driverCollection(connection.model<StoredStanding>('Standing', standingSchema)),
  };
}
