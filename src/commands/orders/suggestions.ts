import { namesOf } from '../../orders/names.ts';
import type { OrderView } from '../../orders/order.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { type OrderReader, orderName } from '../core/orderNames.ts';
import { accountsMeant, SUGGESTIONS_SEARCHED, SUGGESTIONS_SHOWN, suggestionsOf } from '../core/suggestions.ts';
import { orderState } from './orderMessages.ts';

/** Orders that a marketer could answer, the first due first. */
export async function ordersToAnswer(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const { toAnswer } = await deps.orders.marketerQueue(account.accountId, SUGGESTIONS_SEARCHED, now);
  return orderSuggestions(toAnswer, request, typed);
}

/** Orders that the person has part in, the newest first. */
export async function ownOrders(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const side = account.role === 'model' ? { modelId: account.accountId } : { marketerId: account.accountId };
  const { items } = await deps.orders.list({ ...side, limit: SUGGESTIONS_SEARCHED }, now);
  return orderSuggestions(items, request, typed);
}

/** Orders that a manager could mean: the newest, or, if only `stoppable`, those that run or wait for it. */
export async function anyOrders(request: Request, typed: string, stoppable: boolean): Promise<Suggestion[]> {
  const { deps, now } = request;
  const people = await accountsMeant(request, typed, ['model', 'marketer']);
  const sides = people.flatMap((id) => [{ modelId: id }, { marketerId: id }]);
  const [exact, ...lists] = await Promise.all([
    deps.orders.get(typed, now),
    ...sides.map((side) => deps.orders.list({ ...side, limit: SUGGESTIONS_SHOWN }, now)),
    deps.orders.list({ status: 'running', limit: SUGGESTIONS_SEARCHED }, now),
    deps.orders.list({ status: 'queued', limit: SUGGESTIONS_SEARCHED }, now),
    ...(stoppable ? [] : [deps.orders.list({ limit: SUGGESTIONS_SEARCHED }, now)]),
  ]);
  const found = [...(exact === null ? [] : [exact]), ...lists.flatMap(({ items }) => items)];
  return orderSuggestions(
    found.filter(({ status }) => !stoppable || status === 'running' || status === 'queued'),
    request,
    typed,
  );
}

async function orderSuggestions(
  found: OrderView[],
  { deps, account, display }: Request,
  typed: string,
): Promise<Suggestion[]> {
  const nameOf = await namesOf(deps.accounts, found);
  const reader: OrderReader = { to: SIDES[account.role], nameOf, display };
  return suggestionsOf(
    found,
    typed,
    ({ orderId }) => orderId,
    (order) => `${orderName(order, reader)} · ${orderState(order, display)}`,
    ({ orderId, modelId, marketerId }) => `${orderId} ${nameOf(modelId)} ${nameOf(marketerId)}`,
  );
}

const SIDES = { model: 'client', marketer: 'marketer', affiliate: 'manager', manager: 'manager' } as const;
