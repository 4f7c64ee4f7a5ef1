import type { RecordedAct } from '../../events/recordedAct.ts';
import type { Entry, EntryDraft } from '../../ledger/entry.ts';
import { entryDifferences } from '../../ledger/entryDifferences.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { ENDING_ACTS, endEntryOf, endedBy, endingAct } from '../ends.ts';
import { completionEntry, creditEntry, creditedEntry, type Invoice } from '../invoice.ts';
import {
  declinedPartEntry,
  heldBy,
  partEntry,
  partEntryId,
  returnedPartEntry,
  returnedPartId,
} from '../partEntries.ts';
import { type InvoicingStore, toInvoice } from '../store.ts';

/** The other direction of `verifyInvoices`: what ledger entries and people's acts say of invoices. */
export function createInvoiceCauses(
  { invoices }: Pick<InvoicingStore, 'invoices'>,
  ledger: Pick<Ledger, 'entriesById'>,
) {
  /** A line for each entry that no invoice brought about, or with other amounts. */
  async function entries(batch: Entry[]): Promise<string[]> {
    const parts = batch.map((entry) => ({ entry, ...partsOf(entry._id) }));
    const known = await byId(parts.map(({ invoiceId }) => invoiceId));
    const besides = await partsBeside(batch);
    return parts.flatMap(({ entry, invoiceId, what, number }) => {
      const invoice = known.get(invoiceId);
      const where = `ledger_entries/${entry._id}`;
      if (invoice === undefined) return [`${where}: there is no invoice ${invoiceId}`];
      const draft =
        number === undefined ? draftOf(invoice, what, entry) : partDraftOf(invoice, what, number, entry, besides);
      if (draft === undefined) return [`${where}: invoice ${invoiceId} is ${invoice.status}, and moves nothing so`];
      const { effectiveAt, outcome } = draft;
      const isDated = what === 'credit' || what === 'credited';
      // The end of an invoice is dated by its entry, and compared with it there.
      return entryDifferences(entry, {
        ...{ book: draft.book, postings: draft.postings, outcome },
        ...(isDated ? { effectiveAt } : {}),
      });
    });
  }

  /** The parts that entries are about which say that one was given back, and what was given back of those that were paid. */
  async function partsBeside(batch: Entry[]): Promise<Map<string, Entry>> {
    const ids = batch.flatMap(({ _id }) => {
      const { invoiceId, number } = partsOf(_id);
      return number === undefined ? [] : [partEntryId(invoiceId, number), returnedPartId(invoiceId, number)];
    });
    return ids.length === 0 ? new Map() : ledger.entriesById(ids);
  }

  /** A line for each act of a person that did not become of its invoice. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const known = await byId(batch.map(invoiceOf));
    return batch.flatMap((act) => {
      const invoice = known.get(invoiceOf(act));
      if (invoice !== undefined && `invoice.${endingAct(invoice, act.actor)}` === act.action) return [];
      return [
        `invoice ${invoiceOf(act)} is ${invoice?.status ?? 'missing'}, but ${act.actor} did ${act.action} on ${act.at.toISOString()}`,
      ];
    });
  }

  async function byId(ids: string[]): Promise<Map<string, Invoice>> {
    const found = await invoices.find({ _id: { $in: [...new Set(ids)] }, status: { $ne: 'skipped' } }).toArray();
    return new Map(found.map((stored) => [stored._id, toInvoice(stored)]));
  }

  return { entries, acts: Object.fromEntries(ENDING_ACTS.map((act) => [`invoice.${act}`, acts])) };
}

/** Ids may have colons and anything in them: the last words tell, and what is not one of ours is said to be so. */
function partsOf(entryId: string): { invoiceId: string; what: string; number?: number } {
  const [, partOf, number, how = 'part'] = /^invoice:(.+):part:(\d+)(?::(returned|declined))?$/.exec(entryId) ?? [];
  if (partOf !== undefined) return { invoiceId: partOf, what: how, number: Number(number) };
  const end = entryId.lastIndexOf(':');
  return {
    invoiceId: entryId.slice('invoice:'.length, Math.max(end, 'invoice:'.length)),
    what: entryId.slice(end + 1).replace(/^(completed|paid_outside)-\d+$/, '$1'),
  };
}

/** What an invoice writes under such a name; undefined where it writes nothing. */
function draftOf(invoice: Invoice, what: string, entry: Entry): EntryDraft | undefined {
  switch (what) {
    case 'credit':
      return invoice.credit > 0 ? creditEntry(invoice) : undefined;
    case 'completed':
      return invoice.status === 'credited' ? undefined : completionEntry(invoice, entry.effectiveAt, '');
    case 'credited':
      return invoice.status === 'credited' ? creditedEntry(invoice) : undefined;
    case 'voided':
    case 'paid_outside':
    case 'written_off':
      // Its state is compared with what ends it by verifyInvoices; here, whether the entry is of the invoice's amounts.
      return invoice.status === 'credited' ? undefined : endEntryOf(endedBy(invoice, entry));
    default:
      return undefined;
  }
}

/**
 * What of an invoice's parts is written under such a name. One that was paid is the invoice's, or was given back; only what was
 * paid, and the invoice has not, is given back.
 */
function partDraftOf(
  invoice: Invoice,
  what: string,
  number: number,
  { effectiveAt }: Entry,
  besides: Map<string, Entry>,
): EntryDraft | undefined {
  const paid = besides.get(partEntryId(invoice.invoiceId, number));
  const isReturned = besides.has(returnedPartId(invoice.invoiceId, number));
  const known = invoice.parts?.find((part) => part.number === number);
  // Of one that was given back the invoice knows nothing more: it is compared with what was paid.
  const amount = paid === undefined ? 0 : heldBy(paid, invoice.invoiceId);
  switch (what) {
    case 'part':
      if (known !== undefined) return partEntry(invoice, known, '');
      return isReturned ? partEntry(invoice, { number, amount, paidAt: effectiveAt }, '') : undefined;
    case 'returned':
      if (paid === undefined || known !== undefined || invoice.status === 'open') return undefined;
      return returnedPartEntry(invoice, { number, amount }, effectiveAt);
    default:
      return paid === undefined ? declinedPartEntry(invoice, { number, paidAt: effectiveAt }, '') : undefined;
  }
}

function invoiceOf({ subject }: RecordedAct): string {
  return subject.slice('invoice:'.length);
}
