import type { StoredInvoice } from './store.ts';

/** A document of an invoice that has a number: the invoice itself by its issue, the credit note of a void one by that. */
export type InvoiceDocument = { kind: 'invoice' | 'credit-note'; id: string; issuedAt: Date };

/** What of these invoices is to have numbers; those from before there were numbers have none, and neither have their voids. */
export function numberedDocuments(invoices: readonly StoredInvoice[]): InvoiceDocument[] {
  return invoices
    .filter(({ isNumbered, status }) => isNumbered === true && status !== 'skipped')
    .flatMap(({ _id: id, status, issuedAt, voidedAt }): InvoiceDocument[] => [
      { kind: 'invoice', id, issuedAt },
      ...(status === 'void' ? [{ kind: 'credit-note' as const, id, issuedAt: voidedAt ?? issuedAt }] : []),
    ]);
}
