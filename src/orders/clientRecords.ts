import type { Ledger } from '../ledger/journal.ts';
import type { ClientRecord } from '../notices/messages/orders.ts';
import type { Standings } from './lifecycle/orderBlockers.ts';
import type { OrderView } from './order.ts';

/** How a client stands with regard to an order; `recommended`: the largest next order that is advised, while it is new. */
export type Client = { record: ClientRecord; recommended: number | null };

export type ClientRecords = ReturnType<typeof createClientRecords>;

/** What marketers read of their clients (rules 2.10), in a fixed number of queries however many orders there are. */
export function createClientRecords(deps: { standings: Standings; ledger: Pick<Ledger, 'balances'> }) {
  /** Of each of these orders, by its id. */
  async function of(orders: OrderView[], now: Date): Promise<Map<string, Client>> {
    if (orders.length === 0) return new Map();
    const modelIds = [...new Set(orders.map(({ modelId }) => modelId))];
    const [standings, balances] = await Promise.all([
      deps.standings(modelIds, now),
      deps.ledger.balances(modelIds.map((modelId) => `model:${modelId}`)),
    ]);
    return new Map(
      orders.flatMap((order): [string, Client][] => {
        const standing = standings.get(order.modelId);
        if (standing === undefined) return [];
        const { tier, trustScore, paidOnTime, invoices, recommendedMaxQuantity: recommended } = standing;
        const covered = coveredFans(order, balances.get(`model:${order.modelId}`) ?? 0);
        return [
          [order.orderId, { record: { tier, trustScore, paidOnTime, invoices, coveredFans: covered }, recommended }],
        ];
      }),
    );
  }

  return { of };
}

/**
 * For how many of an order's fans that are still to come there is money now: in its escrow, once that holds it, else on
 * the client's balance. None are to come of an order that is over.
 */
export function coveredFans(
  {
    status,
    quantity,
    delivered,
    pricePerFan,
    prepaid,
    escrow,
  }: Pick<OrderView, 'status' | 'quantity' | 'delivered' | 'pricePerFan' | 'prepaid' | 'escrow'>,
  balance: number,
): number {
  if (status !== 'placed' && status !== 'queued' && status !== 'running') return 0;
  const toCome = quantity - delivered;
  const money = prepaid && status !== 'placed' ? escrow : balance;
  return Math.min(toCome, Math.floor(Math.max(0, money) / pricePerFan));
}
