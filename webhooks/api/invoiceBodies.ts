import { z } from '@hono/zod-openapi';

import type { Accounts } from '../../src/accounts/accounts.ts';
import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import type { Numbers } from '../../src/books/numbers.ts';
import { invoiceData } from '../../src/events/outgoing/invoices.ts';
import type { InvoiceView } from '../../src/invoicing/invoice.ts';

/** Invoices as the API answers them, with what is stored apart from them. */

const NAME = 'As the platform sent it; the id where the account has none.';
/** An invoice as it is shown: with what the people on it are called. */
export const namedInvoice = z.object({
  ...invoiceData.shape,
  lines: z
    .array(
      invoiceData.shape.lines.element.extend({
        contractorName: z.string().openapi({ description: NAME, example: 'Mike Moss' }),
      }),
    )
    .openapi({ description: 'One per campaign, contractor, rate and type of transaction.' }),
  modelName: z.string().openapi({ description: NAME, example: 'Ava Álvarez' }),
});
/** What the models of some invoices are called, and the contractors of their lines. */
export function namesOnInvoices(accounts: Pick<Accounts, 'namesOf'>, views: InvoiceView[]): Promise<NameOf> {
  return namesOn(
    accounts,
    views.flatMap(({ modelId, lines }) => [modelId, ...lines.map(({ contractorId }) => contractorId)]),
  );
}

/** An invoice with what the people on it are called. */
export function namedInvoiceBody(view: InvoiceView, nameOf: NameOf) {
  const { lines, ...body } = invoiceBody(view);
  return {
    ...body,
    lines: lines.map((line) => ({ ...line, contractorName: nameOf(line.contractorId) })),
    modelName: nameOf(view.modelId),
  };
}

/** The numbers of invoices and of the credit notes of void ones, by the invoices' ids. */
export function invoiceNumbers(numbers: Pick<Numbers, 'of'>) {
  return async (views: InvoiceView[]): Promise<(id: string) => { number?: string; creditNote?: string }> => {
    const voids = views.filter(({ status }) => status === 'void');
    const [given, notes] = await Promise.all([
      numbers.of(
        'invoice',
        views.map(({ invoiceId }) => invoiceId),
      ),
      numbers.of(
        'credit-note',
        voids.map(({ invoiceId }) => invoiceId),
      ),
    ]);
    return (id) => {
      const [one, note] = [given.get(id), notes.get(id)];
      return {
        ...(one === undefined ? {} : { number: one.number }),
        ...(note === undefined ? {} : { creditNote: note.number }),
      };
    };
  };
}

export function invoiceBody(view: InvoiceView) {
  return {
    invoiceId: view.invoiceId,
    modelId: view.modelId,
    week: view.week,
    status: view.status,
    issuedAt: view.issuedAt.toISOString(),
    dueAt: view.dueAt.toISOString(),
    completedAt: view.completedAt?.toISOString() ?? null,
    lines: view.lines,
    subtotal: view.subtotal,
    discountBps: view.discountBps,
    discount: view.discount,
    credit: view.credit,
    total: view.total,
    ...(view.parts === undefined
      ? {}
      : { parts: view.parts.map(({ number, amount, paidAt }) => ({ number, amount, paidAt: paidAt.toISOString() })) }),
    ...(view.reference === undefined ? {} : { reference: view.reference }),
    ...(view.paidAt === undefined ? {} : { paidAt: view.paidAt.toISOString() }),
    ...(view.voidReason === undefined ? {} : { voidReason: view.voidReason }),
    ...(view.writtenOffAt === undefined ? {} : { writtenOffAt: view.writtenOffAt.toISOString() }),
    ...(view.writeOffReason === undefined ? {} : { writeOffReason: view.writeOffReason }),
    ...(view.contractorsPaid === undefined ? {} : { contractorsPaid: view.contractorsPaid }),
  };
}
