import type { RecordedAct } from '../../events/recordedAct.ts';
import type { Entry, EntryDraft } from '../../ledger/entry.ts';
import { entryDifferences } from '../../ledger/entryDifferences.ts';
import { ENDING_ACTS, endEntryOf, endedBy, endingAct } from '../ends.ts';
import { completionEntry, creditEntry, creditedEntry, type Invoice } from '../invoice.ts';
import { type InvoicingStore, toInvoice } from '../store.ts';

/** The other direction of `verifyInvoices`: what ledger entries and people's acts say of invoices. */
export function createInvoiceCauses({ invoices }: Pick<InvoicingStore, 'invoices'>) {
  /** A line for each entry that no invoice brought about, or with other amounts. */
  async function entries(batch: Entry[]): Promise<string[]> {
    const parts = batch.map((entry) => ({ entry, ...partsOf(entry._id) }));
    const known = await byId(parts.map(({ invoiceId }) => invoiceId));
    return parts.flatMap(({ entry, invoiceId, what }) => {
      const invoice = known.get(invoiceId);
      const where = `ledger_entries/${entry._id}`;
      if (invoice === undefined) return [`${where}: there is no invoice ${invoiceId}`];
      const draft = draftOf(invoice, what, entry);
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

function partsOf(entryId: string): { invoiceId: string; what: string } {
  const end = entryId.lastIndexOf(':');
  return {
    invoiceId: entryId.slice('invoice:'.length, Math.max(end, 'invoice:'.length)),
    what: entryId.slice(end + 1),
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

function invoiceOf({ subject }: RecordedAct): string {
  return subject.slice('invoice:'.length);
}
