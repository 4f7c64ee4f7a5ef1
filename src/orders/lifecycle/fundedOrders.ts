import type { Accounts } from '../../accounts/accounts.ts';
import { updateEvery } from '../../database/everyDocument.ts';
import type { Grown } from '../../debts/debts.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Notices } from '../../notices/notices.ts';
import type { ClientRecords } from '../clientRecords.ts';
import { namesOf } from '../names.ts';
import { fundedNotice } from '../notices.ts';
import { totalOf } from '../order.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { OrderStore } from '../store.ts';

/** Orders whose acceptance was refused for too little balance, once the balance covers them (rules 4.3). */
export function createFundedOrders(deps: {
  store: Pick<OrderStore, 'orders'>;
  ledger: Pick<Ledger, 'balances'>;
  orderQueries: Pick<OrderQueries, 'views'>;
  clientRecords: ClientRecords;
  accounts: Pick<Accounts, 'getMany' | 'namesOf'>;
  notices: Pick<Notices, 'enqueue'>;
}) {
  const { orders } = deps.store;

  /**
   * Tells marketers which of these clients' orders they can accept now, once for each refusal, while the order is
   * placed.
   */
  async function announce(grown: Grown, now: Date): Promise<void> {
    const modelIds = [...grown.keys()];
    const stored = await orders
      .find({ modelId: { $in: modelIds }, status: 'placed', awaitingFunds: true, respondBy: { $gt: now } })
      .sort({ placedAt: 1, _id: 1 })
      .toArray();
    if (stored.length === 0) return;
    const balances = await deps.ledger.balances(modelIds.map((modelId) => `model:${modelId}`));
    const covered = stored.filter((order) => totalOf(order) <= (balances.get(`model:${order.modelId}`) ?? 0));
    const views = await deps.orderQueries.views(covered, now);
    const [names, clients] = await Promise.all([namesOf(deps.accounts, views), deps.clientRecords.of(views, now)]);
    await deps.notices.enqueue(
      views.map((view) => {
        const context = { names, client: clients.get(view.orderId) };
        return fundedNotice(view, grown.get(view.modelId) ?? '', now, context);
      }),
      now,
    );
    const told = { _id: { $in: covered.map(({ _id }) => _id) }, awaitingFunds: { $exists: true } };
    await updateEvery(orders, told, { $unset: { awaitingFunds: '' } });
  }

  return { announce };
}
