import { type Connection, Schema } from 'mongoose';

import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { FilePart, LeftOut, Rest, StoredLine } from './fileView.ts';
import type { FileFormat } from './paymentFile.ts';

/**
 * A file that pays a batch, without its content: that is made again of these lines and their payees, byte for byte, whenever it
 * is asked for. `_id` is cycle, format and number. `making`: its lines are being marked as under way, and nobody has seen it;
 * from `made` on it never changes. `effectsPending`: batch and audit trail are still to hear of it.
 */
export type StoredPaymentFile = {
  _id: string;
  cycle: CycleDate;
  format: FileFormat;
  number: number;
  state: 'making' | 'made';
  at: Date;
  by: string;
  currency: string;
  executeOn: string;
  /** Stands for the account that is paid from, where the format names it. */
  debtorHash?: string;
  count: number;
  total: MinorUnits;
  hash: string;
  parts: FilePart[];
  lines: StoredLine[];
  leftOut: LeftOut[];
  rest: Rest;
  /** Real time when it was made. */
  insertedAt?: Date;
  effectsPending?: true;
};

const part = { count: Number, total: Number };

const fileSchema = new Schema<StoredPaymentFile>(
  {
    _id: { type: String, required: true },
    cycle: String,
    format: String,
    number: Number,
    state: String,
    at: Date,
    by: String,
    currency: String,
    executeOn: String,
    debtorHash: String,
    ...part,
    hash: String,
    parts: [Schema.Types.Mixed],
    lines: [Schema.Types.Mixed],
    leftOut: [Schema.Types.Mixed],
    rest: Schema.Types.Mixed,
    insertedAt: Date,
    effectsPending: Boolean,
  },
  { versionKey: false, collection: 'payment_files' },
);
fileSchema.index({ cycle: 1, format: 1, number: 1 });
fileSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
// In the order in which they were made, to be sealed.
fileSchema.index(...SEALED_INDEX);

export type PaymentFileStore = ReturnType<typeof createPaymentFileStore>;

export function createPaymentFileStore(connection: Connection) {
  return { files: driverCollection(connection.model<StoredPaymentFile>('PaymentFile', fileSchema)) };
}
