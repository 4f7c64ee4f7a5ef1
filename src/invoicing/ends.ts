import { BrokenInvariant } from '../kernel/errors.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Entry, EntryDraft } from '../ledger/entry.ts';
import {
  completionEntry,
  creditedEntry,
  earnings,
  INVOICED,
  type Invoice,
  type IssuedInvoice,
  modelAccount,
  outcomeOf,
  voidEntry,
} from './invoice.ts';
import { ISSUE, TOP_UP } from './notices.ts';
import { afterParts, heldAccount, heldFor, restOf, type WithParts } from './part.ts';

/**
 * How invoices end: what a manager's acts post, and what an entry says of the invoice that it ends. All these entries
 * stand in the book of the model and answer one question, so that exactly one of them is written.
 */

/**
 * Paid by another way than the balance (rules 1.7): completed, by the platform's own money that came from outside. What is held for the
 * invoice is part of it: the rest was paid outside.
 */
export function paidOutsideEntry(
  invoice: IssuedInvoice & WithParts,
  at: Date,
  { actor, reference, paidAt }: { actor: string; reference: string; paidAt: Date },
): EntryDraft {
  return {
    ...endEntry(invoice, `paid_outside${afterParts(invoice)}`, at, { actor, reason: reference }),
    postings: [
      { account: 'world:settlements', amount: -restOf(invoice) },
      { account: heldAccount(invoice.invoiceId), amount: -heldFor(invoice) },
      ...earnings(invoice),
    ],
    paidAt,
  };
}

/**
 * Written off (rules 1.7): with its contractors the platform pays what the model owed; without, it has lost nothing yet,
 * and keeps the credit that the invoice took.
 */
export function writeOffEntry(
  invoice: IssuedInvoice,
  at: Date,
  { payContractors, ...by }: { actor: string; reason: string; payContractors: boolean },
): EntryDraft {
  const writtenOff = (amount: MinorUnits) => ({ account: 'platform:write-offs', amount });
  return {
    ...endEntry(invoice, 'written_off', at, by),
    postings: payContractors
      ? [writtenOff(-invoice.total), ...earnings(invoice)]
      : [{ account: INVOICED, amount: -invoice.credit }, writtenOff(invoice.credit)],
  };
}

function endEntry(
  { invoiceId, modelId }: IssuedInvoice,
  how: string,
  effectiveAt: Date,
  by: { actor: string; reason: string },
): Omit<EntryDraft, 'postings'> {
  return {
    ...{ entryId: `invoice:${invoiceId}:${how}`, book: modelAccount(modelId), outcome: outcomeOf(invoiceId) },
    ...{ effectiveAt, ...by },
  };
}

/** An invoice that was issued unpaid, and has ended. */
export type EndedInvoice = Extract<Invoice, { status: 'completed' | 'void' | 'written_off' }>;

/** What an entry says that ends an invoice; an entry or its draft. */
type End = Pick<Entry, '_id' | 'postings' | 'effectiveAt'> & Pick<EntryDraft, 'reason' | 'actor' | 'paidAt'>;

/** An open invoice as the entry that ends it leaves it. */
export function endedBy(
  { status: _open, ...issued }: Invoice,
  { _id, postings, effectiveAt: at, reason = '', paidAt = at }: End,
): EndedInvoice {
  // One that took parts is named after how many.
  const how = _id.slice(_id.lastIndexOf(':') + 1).replace(/-\d+$/, '');
  switch (how) {
    case 'completed':
      return { ...issued, status: 'completed', completedAt: at };
    case 'paid_outside':
      return { ...issued, status: 'completed', completedAt: at, outside: { reference: reason, paidAt } };
    case 'voided':
      return { ...issued, status: 'void', voidedAt: at, voidReason: reason };
    case 'written_off': {
      const contractorsPaid = postings.some(({ account }) => account.startsWith('marketer:'));
      return { ...issued, status: 'written_off', writtenOffAt: at, writeOffReason: reason, contractorsPaid };
    }
    default:
      throw new BrokenInvariant(`${_id} ends no invoice`);
  }
}

/** When an invoice ended: one that is credited at its issue; null while it is unpaid. */
export function endedAt(invoice: Invoice): Date | null {
  switch (invoice.status) {
    case 'completed':
      return invoice.completedAt;
    case 'void':
      return invoice.voidedAt;
    case 'written_off':
      return invoice.writtenOffAt;
    case 'credited':
      return invoice.issuedAt;
    case 'open':
      return null;
  }
}

/** The entry that stands behind the state of an invoice; who caused it and why is not in its hash. Undefined while it is unpaid. */
export function endEntryOf(invoice: Invoice): EntryDraft | undefined {
  const by = { actor: '', reason: '' };
  switch (invoice.status) {
    case 'completed': {
      const { completedAt: at, outside } = invoice;
      if (outside === undefined) return completionEntry(invoice, at, '');
      return paidOutsideEntry(invoice, at, { ...outside, actor: '' });
    }
    case 'credited':
      return creditedEntry(invoice);
    case 'void':
      return voidEntry(invoice, invoice.voidedAt, by);
    case 'written_off':
      return writeOffEntry(invoice, invoice.writtenOffAt, { ...by, payContractors: invoice.contractorsPaid });
    case 'open':
      return undefined;
  }
}

/** The acts of people that end an invoice, as the audit trail names them after `invoice.`. */
export const ENDING_ACTS = ['pay', 'paid-outside', 'void', 'write-off'] as const;

/** The act of a person that ended an invoice; null where it was debited by itself, or nobody's. */
export function endingAct(invoice: Invoice, actor: string | undefined): (typeof ENDING_ACTS)[number] | null {
  switch (invoice.status) {
    case 'completed':
      if (invoice.outside !== undefined) return 'paid-outside';
      return actor === undefined || actor === ISSUE || actor === TOP_UP ? null : 'pay';
    case 'void':
      return 'void';
    case 'written_off':
      return 'write-off';
    default:
      return null;
  }
}
