import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { RejectionReason } from './commissions/commission.ts';
import type { CycleDate } from './payouts/payoutCycle.ts';

/** `withdrawn`: never earned by the facts as they are known now, and not listed. */
export type CommissionState = 'pending' | 'approved' | 'paid' | 'rejected' | 'withdrawn';

/**
 * A commission; `_id` is its id. `cycle` is the one that takes it: whether it is in a payout follows from that cycle's
 * payout of its affiliate. `revision` grows with each change. `effectsPending`: the change still has to reach the ledger,
 * the platform and the affiliate; until it has, there is no other. `posted` is what the ledger has of it.
 */
export type StoredCommission = {
  _id: string;
  affiliateId: string;
  subscriptionId: string;
  paymentId: string;
  programId: string;
  amount: MinorUnits;
  /** Its amount before the last change, where that changed it. */
  amountBefore?: MinorUnits;
  state: CommissionState;
  reason?: RejectionReason;
  paidAt: Date;
  listedFrom: Date;
  holdUntil: Date;
  knownAt: Date;
  cycle: CycleDate;
  revision: number;
  /** When what happened last took effect. */
  changedAt: Date;
  posted: MinorUnits;
  postings: number;
  effectsPending?: true;
  /** Until it is shown, or approved: when that is. */
  nextStepAt?: Date;
  /** The calendar day whose summary has its approval, while it is approved and none was told. */
  approvalDay: string;
  reverses?: string;
};

/**
 * `generating`: what it is made of stands, and its amount is still to be taken. `carried`: all of it waits for the next
 * cycle; it is no payout, and bars one. `releasePending`: its commissions are still to be given to another cycle.
 */
export type PayoutState = 'generating' | 'carried' | 'due' | 'processing' | 'paid' | 'failed';

/** A payout; `_id` is cycle and account. */
export type StoredPayout = {
  _id: string;
  cycle: CycleDate;
  accountId: string;
  role: 'affiliate' | 'marketer';
  amount: MinorUnits;
  /** How many commissions it is made of; a marketer's has none. */
  count: number;
  /** Names the pages of `payout_members` that belong to it. */
  membersKey: string;
  status: PayoutState;
  drawnAt: Date;
  processingAt?: Date;
  endedAt?: Date;
  reference?: string;
  reason?: string;
  actor?: string;
  releasePending?: true;
  /** What became of it is still to reach the ledger, its commissions, the platform and the account. */
  effectsPending?: true;
};

/** What a payout is made of, with the amounts that it pays: at most 5 000 a page. */
export type PayoutMembers = { _id: string; key: string; items: { commissionId: string; amount: MinorUnits }[] };

/**
 * How far the cycles came. `_id` is `cursor` (`through`: the last cycle begun), `digest` (`day`: the last day whose
 * approvals were told), or `payout:{date}`: `after` is the last account that is complete.
 */
export type StoredCycle = {
  _id: string;
  through?: CycleDate;
  day?: string;
  state?: 'closing' | 'closed';
  step?: 'affiliates' | 'marketers';
  after?: string;
};

const id = { type: String, required: true } as const;
const OPTIONS = { versionKey: false } as const;

const commissionSchema = new Schema<StoredCommission>(
  {
    _id: id,
    affiliateId: String,
    subscriptionId: String,
    paymentId: String,
    programId: String,
    amount: Number,
    amountBefore: Number,
    state: String,
    reason: String,
    paidAt: Date,
    listedFrom: Date,
    holdUntil: Date,
    knownAt: Date,
    cycle: String,
    revision: Number,
    changedAt: Date,
    posted: Number,
    postings: Number,
    effectsPending: Boolean,
    nextStepAt: Date,
    approvalDay: String,
    reverses: String,
  },
  { ...OPTIONS, collection: 'commissions' },
);
commissionSchema.index({ subscriptionId: 1 });
commissionSchema.index({ affiliateId: 1, paidAt: -1, _id: -1 });
commissionSchema.index({ state: 1, paidAt: -1, _id: -1 });
commissionSchema.index({ paidAt: -1, _id: -1 });
// A payday is summed up from this alone.
commissionSchema.index({ cycle: 1, affiliateId: 1, state: 1, effectsPending: 1, amount: 1, programId: 1, _id: 1 });
commissionSchema.index({ programId: 1 }, { partialFilterExpression: { state: 'pending' } });
commissionSchema.index({ nextStepAt: 1 }, { partialFilterExpression: { nextStepAt: { $exists: true } } });
commissionSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
commissionSchema.index({ approvalDay: 1, affiliateId: 1 });

const payoutSchema = new Schema<StoredPayout>(
  {
    _id: id,
    cycle: String,
    accountId: String,
    role: String,
    amount: Number,
    count: Number,
    membersKey: String,
    status: String,
    drawnAt: Date,
    processingAt: Date,
    endedAt: Date,
    reference: String,
    reason: String,
    actor: String,
    releasePending: Boolean,
    effectsPending: Boolean,
  },
  { ...OPTIONS, collection: 'payouts' },
);
payoutSchema.index({ accountId: 1, _id: -1 });
payoutSchema.index({ status: 1, _id: -1 });
payoutSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
payoutSchema.index({ releasePending: 1 }, { partialFilterExpression: { releasePending: true } });

const membersSchema = new Schema<PayoutMembers>(
  { _id: id, key: String, items: [new Schema({ commissionId: String, amount: Number }, { _id: false })] },
  { ...OPTIONS, collection: 'payout_members' },
);
membersSchema.index({ key: 1 });

const cycleSchema = new Schema<StoredCycle>(
  { _id: id, through: String, day: String, state: String, step: String, after: String },
  { ...OPTIONS, collection: 'payout_cycles' },
);
cycleSchema.index({ state: 1, _id: 1 });

export type AffiliateStore = ReturnType<typeof createAffiliateStore>;

export function createAffiliateStore(connection: Connection) {
  return {
    commissions: driverCollection(connection.model<StoredCommission>('Commission', commissionSchema)),
    payouts: driverCollection(connection.model<StoredPayout>('Payout', payoutSchema)),
    members: driverCollection(connection.model<PayoutMembers>('PayoutMembers', membersSchema)),
    cycles: driverCollection(connection.model<StoredCycle>('PayoutCycle', cycleSchema)),
  };
}
