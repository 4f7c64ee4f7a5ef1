import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';

/** What it can take two people for. */
export type ApprovedAct = 'payout.approve' | 'payout.fail' | 'payout.settle';

/**
 * What somebody has asked for and a second person is to approve. `_id` is the act and its subject, so there is one request at
 * most; `hash` stands for everything that would be done. `approvedBy`: it may be done now, and is being done.
 */
export type ApprovalDocument = {
  _id: string;
  /** Another one for each request. */
  token: string;
  action: ApprovedAct;
  subject: string;
  hash: string;
  count: number;
  amount: number;
  note?: string;
  askedBy: string;
  askedAt: Date;
  expiresAt: Date;
  storedAt: Date;
  approvedBy?: string;
  approvedAt?: Date;
};

const MONTH_SECONDS = 30 * 86_400;

// It expires by the service's clock; the database's own cleaning goes by the real time of storing, much later.
const approvalSchema = new Schema<ApprovalDocument>(
  {
    _id: { type: String, required: true },
    token: { type: String, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    hash: { type: String, required: true },
    count: { type: Number, required: true },
    amount: { type: Number, required: true },
    note: String,
    askedBy: { type: String, required: true },
    askedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    storedAt: { type: Date, required: true },
    approvedBy: String,
    approvedAt: Date,
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
)
  .index({ expiresAt: 1 })
  .index({ storedAt: 1 }, { expireAfterSeconds: MONTH_SECONDS });

/** The requests that wait for a second person, on this connection, which must be open. */
export function createApprovalStore(connection: Connection) {
  return driverCollection(connection.model<ApprovalDocument>('ApprovalRequest', approvalSchema, 'approval_requests'));
}
