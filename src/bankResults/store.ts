import { type Connection, Schema } from 'mongoose';

import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { Difference, ResultAct } from './matchResult.ts';
import type { ResultFormat } from './result.ts';

export type ResultSum = { count: number; total: MinorUnits };

/**
 * What a file says of a cycle, as it was decided when it was read; the file itself is not stored, as it has people's accounts.
 * `decision` stands for every act and difference, and names the pages that have them. `open`: what of the batch is still to be
 * settled after it.
 */
export type DecidedResult = {
  cycle: CycleDate;
  /** Of the file: SHA-256 of its bytes. */
  hash: string;
  format: ResultFormat;
  decision: string;
  lines: number;
  settle: ResultSum;
  fail: ResultSum;
  return: ResultSum;
  already: number;
  pending: number;
  others: number;
  differences: number;
  open: ResultSum;
};

/**
 * A file that was taken: `_id` is its cycle and hash, so that it is taken once. It never changes, but for `effectsPending`, its acts are
 * still to be done, and `missed`, the payouts that became something else between the decision and the act.
 */
export type StoredResult = DecidedResult & {
  _id: string;
  at: Date;
  by: string;
  insertedAt?: Date;
  effectsPending?: true;
  missed?: string[];
};

/** A file that somebody was asked about, and has not said yes to; forgotten after a day. */
export type ResultDraft = DecidedResult & { _id: string; askedAt: Date; expiresAt: Date };

/** So many acts and differences of a decision; `expiresAt` while it is a draft alone. */
export type ResultPage = {
  _id: string;
  decision: string;
  number: number;
  acts: ResultAct[];
  differences: Difference[];
  expiresAt?: Date;
};

const id = { type: String, required: true } as const;
const sums = { count: Number, total: Number };
const decided = {
  ...{ _id: id, cycle: String, hash: String, format: String, decision: String, lines: Number },
  ...{ settle: sums, fail: sums, return: sums, open: sums },
  ...{ already: Number, pending: Number, others: Number, differences: Number },
};

const resultSchema = new Schema<StoredResult>(
  {
    ...decided,
    at: Date,
    by: String,
    insertedAt: Date,
    effectsPending: Boolean,
    missed: { type: [String], default: undefined },
  },
  { versionKey: false, collection: 'payout_results' },
);
resultSchema.index({ cycle: 1, at: 1 });
resultSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
// In the order in which they were taken, to be sealed.
resultSchema.index(...SEALED_INDEX);

const draftSchema = new Schema<ResultDraft>(
  { ...decided, askedAt: Date, expiresAt: Date },
  { versionKey: false, collection: 'payout_result_drafts' },
);
draftSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const pageSchema = new Schema<ResultPage>(
  {
    _id: id,
    decision: String,
    number: Number,
    acts: [Schema.Types.Mixed],
    differences: [Schema.Types.Mixed],
    expiresAt: Date,
  },
  { versionKey: false, collection: 'payout_result_pages' },
);
pageSchema.index({ decision: 1, number: 1 });
pageSchema.index({ 'acts.accountId': 1 });
pageSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type BankResultStore = ReturnType<typeof createBankResultStore>;

export function createBankResultStore(connection: Connection) {
  return {
    results: driverCollection(connection.model<StoredResult>('PayoutResult', resultSchema)),
    drafts: driverCollection(connection.model<ResultDraft>('PayoutResultDraft', draftSchema)),
    pages: driverCollection(connection.model<ResultPage>('PayoutResultPage', pageSchema)),
  };
}
