import { type Connection, Schema } from 'mongoose';

import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { AuditAct } from '../audit/acts.ts';
import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { Finding } from './findings.ts';

/**
 * That somebody holds a payout, or every payout of an account, until an instant. `subject` is `payout:{id}` or `account:{id}`;
 * `released`: it ended earlier. `alreadyTold`: who heard of it by a message of its cause, and gets none of the hold. `pendingEffects`: the audit trail, the platform and the people are still to hear of it.
 */
export type StoredHold = {
  _id: string;
  subject: string;
  accountId: string;
  at: Date;
  until: Date;
  reason: string;
  actor: string;
  alreadyTold?: 'person' | 'managers';
  insertedAt?: Date;
  released?: { at: Date; actor: string; reason: string };
  pendingEffects?: true;
};

/** That somebody took a payout out of a batch; `included`: back in. `number` is the batch's revision that it made. */
export type Exclusion = {
  payoutId: string;
  accountId: string;
  amount: MinorUnits;
  reason: string;
  actor: string;
  at: Date;
  number: number;
  included?: { actor: string; at: Date };
};

/** What somebody looked at: the lines by their hash, and what there was to be said about them. */
export type StoredCheck = {
  hash: string;
  count: number;
  total: MinorUnits;
  actor: string;
  at: Date;
  findings: Finding[];
};

/** What may be paid: `linesKey` names the pages of `payout_batch_lines` that have every payout and amount. */
export type StoredApproval = {
  hash: string;
  count: number;
  total: MinorUnits;
  linesKey: string;
  actor: string;
  /** Who asked for it, where it took two people. */
  askedBy: string | null;
  at: Date;
};

export type StoredExport = {
  format: string;
  hash: string;
  count: number;
  total: MinorUnits;
  actor: string;
  at: Date;
};

/**
 * What people did with a payday; `_id` is its cycle. Every change is one update on condition of `revision`. `pendingEffects`: what
 * the audit trail is still to hear; with an approval, what is not in it is still to be carried on.
 */
export type StoredBatch = {
  _id: CycleDate;
  revision: number;
  excluded: Exclusion[];
  checked?: StoredCheck;
  approved?: StoredApproval;
  exports: StoredExport[];
  pendingEffects?: PendingRecord[];
};

export type PendingRecord = {
  key: string;
  actor: string;
  action: AuditAct;
  subject: string;
  at: Date;
  reason?: string;
  before?: unknown;
  after?: unknown;
};

/** The lines of an approved batch, so many a page; written before the approval that names them. */
export type StoredLines = {
  _id: string;
  key: string;
  cycle: CycleDate;
  lines: { payoutId: string; amount: MinorUnits }[];
};

const id = { type: String, required: true } as const;

const holdSchema = new Schema<StoredHold>(
  {
    _id: id,
    subject: String,
    accountId: String,
    at: Date,
    until: Date,
    reason: String,
    actor: String,
    alreadyTold: String,
    insertedAt: Date,
    released: { at: Date, actor: String, reason: String },
    pendingEffects: Boolean,
  },
  { versionKey: false, collection: 'payout_holds' },
);
holdSchema.index({ subject: 1, until: 1 });
// Those that may still hold are few, however many payouts are asked about.
holdSchema.index({ until: 1 });
holdSchema.index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: true } });
// In the order in which they were written, to be sealed.
holdSchema.index(...SEALED_INDEX);

const batchSchema = new Schema<StoredBatch>(
  {
    _id: id,
    revision: Number,
    excluded: [Schema.Types.Mixed],
    checked: Schema.Types.Mixed,
    approved: Schema.Types.Mixed,
    exports: [Schema.Types.Mixed],
    pendingEffects: { type: [Schema.Types.Mixed], default: undefined },
  },
  { versionKey: false, collection: 'payout_batches' },
);
batchSchema.index({ 'pendingEffects.at': 1 }, { partialFilterExpression: { pendingEffects: { $exists: true } } });
batchSchema.index({ 'approved.at': 1 });

const linesSchema = new Schema<StoredLines>(
  {
    _id: id,
    key: String,
    cycle: String,
    lines: [new Schema({ payoutId: String, amount: Number }, { _id: false })],
  },
  { versionKey: false, collection: 'payout_batch_lines' },
);
linesSchema.index({ key: 1 });
linesSchema.index({ cycle: 1 });

export type PaydayStore = ReturnType<typeof createPaydayStore>;

export function createPaydayStore(connection: Connection) {
  return {
    holds: driverCollection(connection.model<StoredHold>('PayoutHold', holdSchema)),
    batches: driverCollection(connection.model<StoredBatch>('PayoutBatch', batchSchema)),
    lines: driverCollection(connection.model<StoredLines>('PayoutBatchLines', linesSchema)),
  };
}
