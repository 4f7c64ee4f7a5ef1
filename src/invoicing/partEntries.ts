import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Entry, EntryDraft, Posting } from '../ledger/entry.ts';
import { type IssuedInvoice, modelAccount } from './invoice.ts';
import { heldAccount, type Part, type WithParts } from './part.ts';

type Owner = Pick<IssuedInvoice, 'invoiceId' | 'modelId'>;

/** The question that a part answers: it is paid, or, where the balance did not cover it, declined for good. */
function partQuestion(invoiceId: string, number: number): string {
  return `part:${invoiceId}#${number}`;
}

/** A part leaves the balance and is held for its invoice (rules 2.11). */
export function partEntry({ invoiceId, modelId }: Owner, part: Part, actor: string): EntryDraft {
  return {
    entryId: partEntryId(invoiceId, part.number),
    book: modelAccount(modelId),
    outcome: partQuestion(invoiceId, part.number),
    postings: [
      { account: modelAccount(modelId), amount: -part.amount },
      { account: heldAccount(invoiceId), amount: part.amount },
    ],
    effectiveAt: part.paidAt,
    actor,
  };
}

/** A part that was not covered moves nothing, but stands where it would, so that a slow attempt cannot take it later. */
export function declinedPartEntry(
  { invoiceId, modelId }: Owner,
  { number, paidAt }: Omit<Part, 'amount'>,
  actor: string,
): EntryDraft {
  return {
    entryId: `${partEntryId(invoiceId, number)}:declined`,
    book: modelAccount(modelId),
    outcome: partQuestion(invoiceId, number),
    postings: [],
    effectiveAt: paidAt,
    actor,
  };
}

/** A part that the end of its invoice did not take is the model's again: that of a void one, or one that came too late. */
export function returnedPartEntry(
  { invoiceId, modelId }: Owner,
  { number, amount }: Omit<Part, 'paidAt'>,
  at: Date,
): EntryDraft {
  return {
    entryId: returnedPartId(invoiceId, number),
    book: heldAccount(invoiceId),
    postings: [
      { account: heldAccount(invoiceId), amount: -amount },
      { account: modelAccount(modelId), amount },
    ],
    effectiveAt: at,
  };
}

export function partEntryId(invoiceId: string, number: number): string {
  return `invoice:${invoiceId}:part:${number}`;
}

export function returnedPartId(invoiceId: string, number: number): string {
  return `${partEntryId(invoiceId, number)}:returned`;
}

/** What an entry adds to what is held for an invoice; below zero where it takes. */
export function heldBy({ postings }: Pick<Entry, 'postings'>, invoiceId: string): MinorUnits {
  return sum(postings.filter(({ account }) => account === heldAccount(invoiceId)).map(({ amount }) => amount));
}

/** Those of an invoice's parts, in their order, that the entry which ended it took. */
export function partsTakenBy(entry: Pick<Entry, 'postings'>, invoiceId: string, parts: Part[]): Part[] {
  const taken = -heldBy(entry, invoiceId);
  return parts.filter((_, index) => sum(parts.slice(0, index + 1).map(({ amount }) => amount)) <= taken);
}

/** What goes back to the balance because an entry ends an invoice and does not take all of its parts. */
export function returnedParts(invoice: Owner & WithParts, end: Pick<Entry, 'postings'>): Posting[] {
  const { parts = [] } = invoice;
  const taken = partsTakenBy(end, invoice.invoiceId, parts).length;
  return parts.slice(taken).flatMap((part) => returnedPartEntry(invoice, part, part.paidAt).postings);
}
