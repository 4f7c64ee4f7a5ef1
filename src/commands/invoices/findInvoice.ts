import type { InvoiceView } from '../../invoicing/invoice.ts';
import type { Request } from '../core/command.ts';

/**
 * An invoice by its id, or of one's own by its week. Managers may see any; to everybody else another's invoice is null,
 * like one that does not exist.
 */
export async function findInvoice({ deps, account, now }: Request, id: string): Promise<InvoiceView | null> {
  const isWeek = /^\d{4}-W\d{2}$/i.test(id);
  const invoice = await deps.invoices.get(isWeek ? `${id.toUpperCase()}:${account.accountId}` : id, now);
  return account.role === 'manager' || invoice?.modelId === account.accountId ? invoice : null;
}
