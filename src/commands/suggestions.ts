import type { Account } from '../accounts/account.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import { formatMoney } from '../kernel/money.ts';
import type { OrderView } from '../orders/order.ts';
import type { Request, Suggestion } from './core/command.ts';
import { modelName } from './core/modelNames.ts';
import { isUnpaid, standing } from './invoices/invoiceMessages.ts';
import { orderState } from './orders/orderMessages.ts';

/** As many as a channel shows at once. */
const SHOWN = 25;
const LOOKED_THROUGH = 200;

/** Invoices that a manager could mean: the overdue first, then the open, then, unless only `unpaid`, the latest. */
export async function anyInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, now } = request;
  const [exact, ofModel, ...lists] = await Promise.all([
    deps.invoices.get(typed, now),
    typed === '' ? null : deps.invoices.list({ modelId: typed, limit: SHOWN }, now),
    deps.invoices.list({ status: 'overdue', limit: LOOKED_THROUGH }, now),
    deps.invoices.list({ status: 'open', limit: LOOKED_THROUGH }, now),
    ...(unpaid ? [] : [deps.invoices.list({ limit: SHOWN }, now)]),
  ]);
  const found = [...(exact === null ? [] : [exact]), ...(ofModel?.items ?? []), ...lists.flatMap(({ items }) => items)];
  return suggestions(found, request, typed, unpaid);
}

/** Models that a manager could mean: those that are overdue the longest, then whose id begins as typed. */
export async function anyModels({ deps, now }: Request, typed: string): Promise<Suggestion[]> {
  const overdue = await deps.overdue.list({ limit: LOOKED_THROUGH }, now);
  const [late, begun] = await Promise.all([
    deps.accounts.getMany(overdue.items.map(({ modelId }) => modelId)),
    deps.accounts.beginningWith('model', typed, SHOWN),
  ]);
  const isMeant = ({ accountId, name }: Account) => contains(accountId, typed) || contains(name, typed);
  const oldestFirst = overdue.items.flatMap(({ modelId }) => late.get(modelId) ?? []);
  const found = new Map([...oldestFirst, ...begun].filter(isMeant).map((account) => [account.accountId, account]));
  return [...found.values()]
    .slice(0, SHOWN)
    .map((account) => ({ name: modelName(account, account.accountId), value: account.accountId }));
}

/** The model's own invoices, the newest first. */
export async function ownInvoices(request: Request, typed: string, unpaid: boolean): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const found = unpaid
    ? await deps.invoices.unpaid(account.accountId, now)
    : (await deps.invoices.list({ modelId: account.accountId, limit: LOOKED_THROUGH }, now)).items;
  return suggestions(found, request, typed, unpaid);
}

/** Orders that a marketer could answer, the first due first. */
export async function ordersToAnswer(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const { toAnswer } = await deps.orders.marketerQueue(account.accountId, LOOKED_THROUGH, now);
  return orderSuggestions(toAnswer, request, typed);
}

/** Orders that the person has part in, the newest first. */
export async function ownOrders(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const side = account.role === 'model' ? { modelId: account.accountId } : { marketerId: account.accountId };
  const { items } = await deps.orders.list({ ...side, limit: LOOKED_THROUGH }, now);
  return orderSuggestions(items, request, typed);
}

/** Orders that a manager could mean: the newest, or, if only `stoppable`, those that run or wait for it. */
export async function anyOrders(request: Request, typed: string, stoppable: boolean): Promise<Suggestion[]> {
  const { deps, now } = request;
  const [exact, ...lists] = await Promise.all([
    deps.orders.get(typed, now),
    deps.orders.list({ status: 'running', limit: LOOKED_THROUGH }, now),
    deps.orders.list({ status: 'queued', limit: LOOKED_THROUGH }, now),
    ...(stoppable ? [] : [deps.orders.list({ limit: LOOKED_THROUGH }, now)]),
  ]);
  const found = [...(exact === null ? [] : [exact]), ...lists.flatMap(({ items }) => items)];
  return orderSuggestions(
    found.filter(({ status }) => !stoppable || status === 'running' || status === 'queued'),
    request,
    typed,
  );
}

/** What can be replayed: events in quarantine, and webhooks to the platform that are parked. */
export async function replayable({ deps }: Request, typed: string): Promise<Suggestion[]> {
  const [events, webhooks] = await Promise.all([
    deps.inbox.list({ status: 'quarantined', limit: LOOKED_THROUGH }),
    deps.outgoing.list({ status: 'parked', limit: LOOKED_THROUGH }),
  ]);
  return [
    ...events.items.map(({ eventId, type }) => ({ id: eventId, type })),
    ...webhooks.items.map(({ webhookId, type }) => ({ id: webhookId, type })),
  ]
    .filter(({ id }) => contains(id, typed))
    .slice(0, SHOWN)
    .map(({ id, type }) => ({ name: `${id} · ${type}`, value: id }));
}

function suggestions(found: InvoiceView[], { display }: Request, typed: string, unpaid: boolean): Suggestion[] {
  const byId = new Map(found.map((invoice) => [invoice.invoiceId, invoice]));
  return [...byId.values()]
    .filter((invoice) => (!unpaid || isUnpaid(invoice)) && contains(invoice.invoiceId, typed))
    .slice(0, SHOWN)
    .map((invoice) => ({
      name: `${invoice.invoiceId} · ${formatMoney(invoice.total, display.currency)} · ${standing(invoice, display)}`,
      value: invoice.invoiceId,
    }));
}

function orderSuggestions(found: OrderView[], { display }: Request, typed: string): Suggestion[] {
  const byId = new Map(found.map((order) => [order.orderId, order]));
  return [...byId.values()]
    .filter(({ orderId }) => contains(orderId, typed))
    .slice(0, SHOWN)
    .map((order) => ({ name: `${order.orderId} · ${orderState(order, display)}`, value: order.orderId }));
}

function contains(id: string, typed: string): boolean {
  return id.toLowerCase().includes(typed.toLowerCase());
}
