import type { InvoiceView } from '../../invoicing/invoice.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { invoiceState } from '../core/invoiceWords.ts';
import { SUGGESTIONS_SEARCHED, SUGGESTIONS_SHOWN, suggestionsOf } from '../core/suggestions.ts';
import { isUnpaid } from './invoiceMessages.ts';

/** Invoices that a manager could mean: the overdue first, then the open, then, unless only `unpaid`, the latest. */
export async function anyInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, now } = request;
  const [exact, ofModel, ...lists] = await Promise.all([
    deps.invoices.get(typed, now),
    typed === '' ? null : deps.invoices.list({ modelId: typed, limit: SUGGESTIONS_SHOWN }, now),
    deps.invoices.list({ status: 'overdue', limit: SUGGESTIONS_SEARCHED }, now),
    deps.invoices.list({ status: 'open', limit: SUGGESTIONS_SEARCHED }, now),
    ...(unpaid ? [] : [deps.invoices.list({ limit: SUGGESTIONS_SHOWN }, now)]),
  ]);
  const found = [...(exact === null ? [] : [exact]), ...(ofModel?.items ?? []), ...lists.flatMap(({ items }) => items)];
  return invoiceSuggestions(found, request, typed, unpaid);
}

/** The model's own invoices, the newest first. */
export async function ownInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const found = unpaid
    ? await deps.invoices.unpaid(account.accountId, now)
    : (await deps.invoices.list({ modelId: account.accountId, limit: SUGGESTIONS_SEARCHED }, now)).items;
  return invoiceSuggestions(found, request, typed, unpaid);
}

function invoiceSuggestions(found: InvoiceView[], { display }: Request, typed: string, unpaid: boolean): Suggestion[] {
  return suggestionsOf(
    found.filter((invoice) => !unpaid || isUnpaid(invoice)),
    typed,
    ({ invoiceId }) => invoiceId,
    (invoice) => `${formatMoney(invoice.total, display.currency)} · ${invoiceState(invoice, display)}`,
  );
}
