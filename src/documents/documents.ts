import type { Accounts } from '../accounts/accounts.ts';
import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { Statements } from '../affiliates/payouts/statements.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import type { Attachment, DisplayContext } from '../notices/messages/message.ts';
import { fileName } from './words.ts';

export type Documents = ReturnType<typeof createDocuments>;

/**
 * Documents as files, by the ids of their subjects; null where there is no such thing. The code that draws them is
 * loaded with the first one: nothing else needs it, and a start or a command line would wait for it.
 */
export function createDocuments(deps: {
  invoices: Pick<Invoices, 'get'>;
  statements: Pick<Statements, 'get'>;
  accounts: Pick<Accounts, 'get'>;
  platform: DisplayContext;
}) {
  /** An invoice as it stands at `now`. */
  async function invoice(id: string, now: Date): Promise<{ invoice: InvoiceView; file: Attachment } | null> {
    const found = await deps.invoices.get(id, now);
    if (found === null) return null;
    const { invoicePdf } = await import('./invoice.ts');
    const content = await invoicePdf(found, await nameOf(found.modelId), deps.platform);
    return { invoice: found, file: pdf(fileName('invoice', found.invoiceId, 'pdf'), content) };
  }

  /** The statement of a payout. */
  async function statement(id: string): Promise<{ payout: PayoutView; file: Attachment } | null> {
    const found = await deps.statements.get(id);
    if (found === null) return null;
    const { payout } = found;
    const { statementPdf } = await import('./statement.ts');
    const content = await statementPdf(found, await nameOf(payout.accountId), deps.platform);
    return { payout, file: pdf(fileName('payout', payout.payoutId, 'pdf'), content) };
  }

  async function nameOf(accountId: string): Promise<string> {
    return (await deps.accounts.get(accountId))?.name ?? '';
  }

  return { invoice, statement };
}

function pdf(name: string, content: Uint8Array): Attachment {
  return { name, contentType: 'application/pdf', content };
}
