import type { InvoicingStore, StoredInvoice } from './store.ts';

/** A document of an invoice that has a number: the invoice itself by its issue, the credit note of a void one by that. */
export type InvoiceDocument = { kind: 'invoice' | 'credit-note'; id: string; issuedAt: Date };

/** Reads what is to have numbers: `all` whose were given, `of` those of some invoices, whose may still be to be given. */
export function createNumberedInvoices({ invoices }: Pick<InvoicingStore, 'invoices'>) {
  const projection = { isNumbered: 1, status: 1, issuedAt: 1, voidedAt: 1 } as const;

  async function* all(): AsyncGenerator<InvoiceDocument, undefined> {
    const found = invoices.find({ isNumbered: true, pendingEffects: { $exists: false } }, { projection });
    for await (const invoice of found) yield* numberedDocuments([invoice]);
  }

  async function of(invoiceIds: string[]): Promise<InvoiceDocument[]> {
    return numberedDocuments(await invoices.find({ _id: { $in: invoiceIds } }, { projection }).toArray());
  }

  return { all, of };
}

/** What of these invoices is to have numbers; those from before there were numbers have none, and neither have their voids. */
export function numberedDocuments(invoices: readonly StoredInvoice[]): InvoiceDocument[] {
  return invoices
    .filter(({ isNumbered, status }) => isNumbered === true && status !== 'skipped')
    .flatMap(({ _id: id, status, issuedAt, voidedAt }): InvoiceDocument[] => [
      { kind: 'invoice', id, issuedAt },
      ...(status === 'void' ? [{ kind: 'credit-note' as const, id, issuedAt: voidedAt ?? issuedAt }] : []),
    ]);
}
