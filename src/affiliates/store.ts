import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';

/** A payout cycle, named by its payday in the platform's zone: `2026-04-01`. Sorts as text in the order of time. */
export type CycleDate = string;

/** Why a commission pays nothing: its charge was refunded, or its subscription cancelled in the trial. */
export type RejectionReason = 'refunded' | 'cancelled-in-trial';

/** `withdrawn`: never earned by the facts as they are known now, and not listed. */
export type CommissionState = 'pending' | 'approved' | 'paid' | 'rejected' | 'withdrawn';

/** What an item of an affiliate is that comes of no sale: a correction by hand, or what came back of a paid payout. */
export type ItemKind = 'adjustment' | 'return';

/**
 * A commission, or an item of another `kind`, which is of no sale: what names one is empty then. `_id` is its id. Its `cycle` takes it: whether it is in a payout follows from that cycle's payout of its
 * affiliate. `revision` grows with each change. `effectsPending`: the change still has to reach the ledger, the platform and
 * the affiliate; until it has, there is no other. `posted` is what the ledger has of it.
 */
export type StoredCommission = {
  _id: string;
  kind?: ItemKind;
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
  /** When it is approved: at the end of its hold and of the trial. Null while a refund that was asked for is open. */
  approvesAt: Date | null;
  knownAt: Date;
  /** Null while nobody knows when it is approved. */
  cycle: CycleDate | null;
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
  /** What the last change came from, where that was no amount. */
  cause?: 'refund-requested' | 'refund-declined';
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  /** Until a change of an approved commission is complete: which cycle may have paid it, and when it was approved. */
  was?: { cycle: CycleDate; approvesAt: Date };
};

/**
 * `generating`: what it is made of stands, and its amount is still to be taken. `carried`: nothing is paid; it is no
 * payout, and bars one. `releasePending`: commissions of its account and cycle are still to be given to another cycle.
 */
export type PayoutState = 'generating' | 'carried' | 'due' | 'processing' | 'paid' | 'failed';

/** What a payout pays: approved commissions, and what the account earned as a marketer (rules 6.5). */
export type PayoutParts = { commissions: MinorUnits; earnings: MinorUnits };

/** Why commissions wait for the next cycle. `not-covered`: the balance was not there, which no rule lets happen. */
export type CarriedWhy = 'nothing-due' | 'below-minimum' | 'not-covered';

/** A payout; `_id` is cycle and account, `amount` the sum of its parts. */
export type StoredPayout = {
  _id: string;
  cycle: CycleDate;
  /** The later payday whose batch it was carried to (docs/paydays.md); without, it is in that of its own. */
  batchCycle?: CycleDate;
  accountId: string;
  parts: PayoutParts;
  amount: MinorUnits;
  /** How many commissions it is made of. */
  count: number;
  /** The commissions of its account and cycle that it does not pay. */
  carriedOver?: { amount: MinorUnits; count: number; why: CarriedWhy };
  /** Names the pages of `payout_members` that belong to it. */
  membersKey: string;
  /** How many commissions these have, and the hash of their ids and amounts; older payouts were stored without it. */
  members?: { count: number; hash: string };
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  /** Of one that was generated and came too late to be paid: what it said. */
  generated?: { parts: PayoutParts; amount: MinorUnits; count: number };
  status: PayoutState;
  drawnAt: Date;
  processingAt?: Date;
  /** The file that it is paid by; one, ever. */
  paymentFile?: string;
  endedAt?: Date;
  /** It is paid, and its statement has a number; those that were paid before there were numbers have none. */
  isNumbered?: true;
  reference?: string;
  reason?: string;
  actor?: string;
  /** The platform's event that told what became of it. */
  eventId?: string;
  releasePending?: true;
  /** What became of it is still to reach the ledger, its commissions, the platform and the account. */
  effectsPending?: true;
  /** The bank gave back what was paid (rules 6.9). The payout stays paid; its amount is the account's again. */
  returned?: PayoutReturn;
  /** Its return is still to reach the ledger, the next payday, the platform and the account. */
  returnPending?: true;
};

/** When a paid payout came back, and what is said of it; `eventId` where the platform's event told it. */
export type PayoutReturn = { at: Date; actor: string; reference?: string; reason?: string; eventId?: string };

/** A payout that the bank gave back. */
export type ReturnedPayout = StoredPayout & { returned: PayoutReturn };

/** What a payout is made of, with the amounts that it pays: at most 5 000 a page. */
export type PayoutMembers = { _id: string; key: string; items: { commissionId: string; amount: MinorUnits }[] };

/**
 * How far the cycles came. `_id` is `cursor` (`through`: the last cycle begun), `digest` (`day`: the last day whose
 * approvals were told), `unpaid` (`day`: the last day on which managers
 * were told of unpaid paydays), or `payout:{date}`: `after` is the last account of its step that is complete.
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
    kind: String,
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
    approvesAt: Date,
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
    cause: String,
    was: { cycle: String, approvesAt: Date },
    insertedAt: Date,
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
// In the order in which they were written, to be sealed.
commissionSchema.index(...SEALED_INDEX);

const payoutSchema = new Schema<StoredPayout>(
  {
    _id: id,
    cycle: String,
    batchCycle: String,
    accountId: String,
    parts: { commissions: Number, earnings: Number },
    amount: Number,
    count: Number,
    carriedOver: { amount: Number, count: Number, why: String },
    membersKey: String,
    members: { count: Number, hash: String },
    insertedAt: Date,
    generated: { parts: { commissions: Number, earnings: Number }, amount: Number, count: Number },
    status: String,
    drawnAt: Date,
    processingAt: Date,
    paymentFile: String,
    endedAt: Date,
    isNumbered: Boolean,
    reference: String,
    reason: String,
    actor: String,
    eventId: String,
    releasePending: Boolean,
    effectsPending: Boolean,
    returned: { at: Date, actor: String, reference: String, reason: String, eventId: String },
    returnPending: Boolean,
  },
  { ...OPTIONS, collection: 'payouts' },
);
payoutSchema.index({ accountId: 1, _id: -1 });
payoutSchema.index({ status: 1, _id: -1 });
// A payday is summed up and compared from this alone.
payoutSchema.index({ cycle: 1, status: 1, batchCycle: 1, accountId: 1, amount: 1 });
payoutSchema.index({ paymentFile: 1, _id: 1 }, { partialFilterExpression: { paymentFile: { $exists: true } } });
// What was carried to a payday's batch: few.
payoutSchema.index({ batchCycle: 1, _id: 1 }, { partialFilterExpression: { batchCycle: { $exists: true } } });
// In the order in which they were written, to be sealed.
payoutSchema.index(...SEALED_INDEX);
payoutSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
payoutSchema.index({ releasePending: 1 }, { partialFilterExpression: { releasePending: true } });
// What came back lately is looked at.
payoutSchema.index({ 'returned.at': 1 }, { partialFilterExpression: { 'returned.at': { $exists: true } } });
payoutSchema.index({ returnPending: 1 }, { partialFilterExpression: { returnPending: true } });

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
