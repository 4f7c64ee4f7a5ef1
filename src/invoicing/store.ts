import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import type { WeekId } from '../kernel/calendar.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { BasisPoints, MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { CampaignVersion } from './campaign.ts';
import type { EndedInvoice } from './ends.ts';
import type { Invoice, InvoiceState, IssuedInvoice, TransactionType } from './invoice.ts';
import type { Part } from './part.ts';

/** The changes of an invoice that have effects on others. */
export const PENDING_EFFECTS = ['issued', 'completed', 'void', 'written_off'] as const;

export type StoredCampaign = { _id: string; revision: number; versions: CampaignVersion[] };

/**
 * A transaction (rules 1.1) as it stands now. `_id` is `payment:{id}` or `refund:{id}`. Model, contractor and rate are
 * of the campaign's version in force, as known at `revision`.
 */
export type StoredTransaction = {
  _id: string;
  campaignId: string;
  type: TransactionType;
  amount: MinorUnits;
  occurredAt: Date;
  modelId: string;
  contractorId: string;
  rateBps: BasisPoints;
  revision: number;
} & (Assigned | Withdrawing);

/** `billingWeek` is the week whose invoice takes it: its own, or the first one still to be issued when it came in late. */
type Assigned = { billingWeek: WeekId; state?: never; withdrawnFrom?: never };

/** It is being taken back: no week has it, so that no invoice can take it meanwhile. `withdrawnFrom` had it before. */
type Withdrawing = { state: 'withdrawing'; withdrawnFrom: WeekId; billingWeek?: never };

/** A transaction that a week's invoice takes or has taken. */
export type AssignedTransaction = StoredTransaction & Assigned;

/**
 * An invoice; `_id` is its id. `skipped` is a place taken so that no invoice can be issued there any more: it is no
 * invoice. `releasePending` is a void one whose transactions are still to be given back.
 */
export type StoredInvoice = Omit<IssuedInvoice, 'invoiceId'> & {
  _id: string;
  status: InvoiceState['status'] | 'skipped';
  /** Names the pages of `invoice_members` that belong to it. */
  membersKey: string;
  /** How many transactions these have, and the hash of their ids; older invoices were stored without it. */
  members?: { count: number; hash: string };
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  /** It has a number, or gets one with its first effects; older invoices were issued without. */
  isNumbered?: true;
  completedAt?: Date;
  /** Of one that was due at its issue: the debit on issue paid it, so that it was never overdue. */
  debitedAtIssue?: true;
  voidedAt?: Date;
  voidReason?: string;
  /** What was paid of it ahead of the rest; once it has ended, what its end took. */
  parts?: Part[];
  writtenOffAt?: Date;
  writeOffReason?: string;
  contractorsPaid?: boolean;
  /** Of one that was paid by another way than the balance. */
  reference?: string;
  paidAt?: Date;
  releasePending?: true;
  /** Its latest change, while the effects of that are still pending. */
  pendingEffects?: (typeof PENDING_EFFECTS)[number];
  /** When time next does something to it while it is unpaid: a reminder, or a refresh of the model's standing. */
  nextStepAt?: Date;
};

/** Which transactions an invoice is made of: at most 5 000 a page, so that no document grows without bound. */
export type InvoiceMembers = { _id: string; key: string; transactionIds: string[] };

/** How far invoicing came. `_id` is `cursor` (`through`: the last week begun) or `invoicing:{week}`. */
export type InvoicingCycle = {
  _id: string;
  through?: WeekId;
  state?: 'closing' | 'closed';
  /** The last model whose invoice and its effects are complete. */
  after?: string;
};

const id = { type: String, required: true } as const;

const campaignSchema = new Schema<StoredCampaign>(
  {
    _id: id,
    revision: Number,
    versions: [
      new Schema(
        {
          ...{ eventId: String, timestamp: Date, modelId: String, contractorId: String, rateBps: Number },
          ...{ status: String, name: String },
        },
        { _id: false },
      ),
    ],
  },
  { versionKey: false, collection: 'campaigns' },
);

campaignSchema.index({ 'versions.modelId': 1 });

const transactionSchema = new Schema<StoredTransaction>(
  {
    _id: id,
    campaignId: String,
    type: String,
    amount: Number,
    occurredAt: Date,
    modelId: String,
    contractorId: String,
    rateBps: Number,
    revision: Number,
    billingWeek: String,
    state: String,
    withdrawnFrom: String,
  },
  { versionKey: false, collection: 'transactions' },
);
transactionSchema.index({ billingWeek: 1, modelId: 1 });
transactionSchema.index({ campaignId: 1, billingWeek: 1 });

/** An invoice that parts were paid of, and that is not paid yet. */
export const PAID_IN_PARTS = { status: 'open', parts: { $exists: true } } as const;

const invoiceSchema = new Schema<StoredInvoice>(
  {
    _id: id,
    modelId: String,
    week: String,
    status: String,
    issuedAt: Date,
    dueAt: Date,
    lines: [{ type: Schema.Types.Mixed }],
    subtotal: Number,
    discountBps: Number,
    discount: Number,
    credit: Number,
    total: Number,
    membersKey: String,
    members: { count: Number, hash: String },
    insertedAt: Date,
    isNumbered: Boolean,
    completedAt: Date,
    debitedAtIssue: Boolean,
    voidedAt: Date,
    voidReason: String,
    parts: { type: [new Schema({ number: Number, amount: Number, paidAt: Date }, { _id: false })], default: undefined },
    writtenOffAt: Date,
    writeOffReason: String,
    contractorsPaid: Boolean,
    reference: String,
    paidAt: Date,
    releasePending: Boolean,
    pendingEffects: String,
    nextStepAt: Date,
  },
  { versionKey: false, collection: 'invoices' },
);
invoiceSchema.index({ modelId: 1, _id: -1 });
invoiceSchema.index({ modelId: 1, completedAt: 1 });
invoiceSchema.index({ status: 1, _id: -1 });
// What is overdue is listed along this, and summed up from it alone.
invoiceSchema.index({ status: 1, dueAt: 1, _id: 1, modelId: 1, total: 1 });
// What is paid in parts: their sums are read from the invoices themselves.
invoiceSchema.index({ status: 1, dueAt: 1, modelId: 1 }, { partialFilterExpression: PAID_IN_PARTS });
// What was overdue at an instant of the past: what was due then, and paid later. Read without its documents as far as it was paid in time.
invoiceSchema.index({ completedAt: 1, dueAt: 1 }, { partialFilterExpression: { completedAt: { $exists: true } } });
invoiceSchema.index(
  { pendingEffects: 1, issuedAt: 1 },
  { partialFilterExpression: { pendingEffects: { $exists: true } } },
);
invoiceSchema.index({ nextStepAt: 1 }, { partialFilterExpression: { nextStepAt: { $exists: true } } });
// In the order in which they were written, to be sealed.
invoiceSchema.index(...SEALED_INDEX);
invoiceSchema.index({ releasePending: 1 }, { partialFilterExpression: { releasePending: true } });

const membersSchema = new Schema<InvoiceMembers>(
  { _id: id, key: String, transactionIds: [String] },
  { versionKey: false, collection: 'invoice_members' },
);
membersSchema.index({ key: 1 });

const cycleSchema = new Schema<InvoicingCycle>(
  { _id: id, through: String, state: String, after: String },
  { versionKey: false, collection: 'invoicing_cycles' },
);
cycleSchema.index({ state: 1, _id: 1 });

export type InvoicingStore = ReturnType<typeof createInvoicingStore>;

export function createInvoicingStore(connection: Connection) {
  return {
    campaigns: driverCollection(connection.model<StoredCampaign>('Campaign', campaignSchema)),
    transactions: driverCollection(connection.model<StoredTransaction>('Transaction', transactionSchema)),
    invoices: driverCollection(connection.model<StoredInvoice>('Invoice', invoiceSchema)),
    members: driverCollection(connection.model<InvoiceMembers>('InvoiceMembers', membersSchema)),
    cycles: driverCollection(connection.model<InvoicingCycle>('InvoicingCycle', cycleSchema)),
  };
}

/** A stored invoice as the business knows it; `skipped` ones never get here. */
export function toInvoice(stored: StoredInvoice): Invoice {
  const { _id, status, completedAt, voidedAt, voidReason, ...others } = stored;
  const { writtenOffAt, writeOffReason, contractorsPaid, reference, paidAt, ...rest } = others;
  const {
    membersKey: _key,
    releasePending: _u,
    pendingEffects: _f,
    nextStepAt: _n,
    debitedAtIssue: _d,
    members: _m,
    insertedAt: _i,
    isNumbered: _b,
    ...content
  } = rest;
  const issued = { ...content, invoiceId: _id };
  switch (status) {
    case 'completed': {
      const outside = paidAt === undefined ? {} : { outside: { reference: reference ?? '', paidAt } };
      return { ...issued, status, completedAt: completedAt ?? issued.issuedAt, ...outside };
    }
    case 'void':
      return { ...issued, status, voidedAt: voidedAt ?? issued.issuedAt, voidReason: voidReason ?? '' };
    case 'written_off':
      return {
        ...{ ...issued, status, writtenOffAt: writtenOffAt ?? issued.issuedAt, writeOffReason: writeOffReason ?? '' },
        contractorsPaid: contractorsPaid ?? false,
      };
    case 'skipped':
      throw new BrokenInvariant(`${_id} is no invoice`);
    default:
      return { ...issued, status };
  }
}

/** How the state of an invoice that has ended is stored. */
export function storedEnd(invoice: EndedInvoice) {
  switch (invoice.status) {
    case 'completed': {
      const { status, completedAt, outside } = invoice;
      return { status, completedAt, ...outside };
    }
    case 'void': {
      const { status, voidedAt, voidReason } = invoice;
      return { status, voidedAt, voidReason };
    }
    case 'written_off': {
      const { status, writtenOffAt, writeOffReason, contractorsPaid } = invoice;
      return { status, writtenOffAt, writeOffReason, contractorsPaid };
    }
  }
}
