import type { InvoiceView } from '../../invoicing/invoice.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { invoiceState } from '../core/invoiceWords.ts';
import { accountsMeant, SUGGESTIONS_SEARCHED, SUGGESTIONS_SHOWN, suggestionsOf } from '../core/suggestions.ts';
import { isUnpaid } from './invoiceMessages.ts';

/** Invoices that a manager could mean: the overdue first, then the open, then, unless only `unpaid`, the latest. */
export async function anyInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, now } = request;
  const models = await accountsMeant(request, typed, ['model']);
  const [exact, ...lists] = await Promise.all([
    deps.invoices.get(typed, now),
    ...models.map((modelId) => deps.invoices.list({ modelId, limit: SUGGESTIONS_SHOWN }, now)),
    deps.invoices.list({ status: 'overdue', limit: SUGGESTIONS_SEARCHED }, now),
    deps.invoices.list({ status: 'open', limit: SUGGESTIONS_SEARCHED }, now),
    ...(unpaid ? [] : [deps.invoices.list({ limit: SUGGESTIONS_SHOWN }, now)]),
  ]);
  const found = [...(exact === null ? [] : [exact]), ...lists.flatMap(({ items }) => items)];
  const accounts = await deps.accounts.getMany(found.map(({ modelId }) => modelId));
  return invoiceSuggestions(found, request, typed, unpaid, (modelId) => accounts.get(modelId)?.name ?? '');
}

/** The model's own invoices, the newest first. */
export async function ownInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const found = unpaid
    ? await deps.invoices.unpaid(account.accountId, now)
    : (await deps.invoices.list({ modelId: account.accountId, limit: SUGGESTIONS_SEARCHED }, now)).items;
  return invoiceSuggestions(found, request, typed, unpaid);
}

function invoiceSuggestions(
  found: InvoiceView[],
  { display, speech }: Request,
  typed: string,
  unpaid: boolean,
  nameOf: (modelId: string) => string = () => '',
): Suggestion[] {
  const things = thingsOf(display);
  const thingOf = ({ modelId, week }: InvoiceView) =>
    nameOf(modelId) === '' ? things.invoice(week) : things.invoiceOf(nameOf(modelId), week);
  return suggestionsOf(
    found.filter((invoice) => !unpaid || isUnpaid(invoice)),
    typed,
    ({ invoiceId }) => invoiceId,
    (invoice) => `${thingOf(invoice)} · ${speech.money(invoice.total)} · ${invoiceState(invoice, display)}`,
    (invoice) => `${invoice.invoiceId} ${thingOf(invoice)}`,
  );
}
