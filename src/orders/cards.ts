import type { NameOf } from '../accounts/names.ts';
import type { Notices } from '../notices/notices.ts';
import type { ClientRecords } from './clientRecords.ts';
import { cardNotices } from './notices.ts';
import type { OrderQueries } from './orderQueries.ts';
import type { OrderStore, StoredAmount } from './store.ts';

/** The living cards of orders, where no step of the order itself changes them. */
export function createCards(deps: {
  store: Pick<OrderStore, 'orders'>;
  orderQueries: Pick<OrderQueries, 'views'>;
  clientRecords: ClientRecords;
  notices: Pick<Notices, 'enqueue'>;
}) {
  /** Updates the cards of orders whose owed amounts, in the order given, were paid by `at`. Can be done again. */
  async function refreshPaidCards(paid: StoredAmount[], at: Date, names: NameOf): Promise<void> {
    const last = new Map(paid.map((amount) => [amount.orderId, amount]));
    const running = await tellNow([...last.keys()]);
    // An order that ends at this moment may have its last card already: a later one must not say that it runs.
    await tellNow(running, { status: { $ne: 'running' } });

    async function tellNow(orderIds: string[], filter: object = {}): Promise<string[]> {
      const stored =
        orderIds.length === 0 ? [] : await deps.store.orders.find({ _id: { $in: orderIds }, ...filter }).toArray();
      const views = await deps.orderQueries.views(stored, at);
      const clients = await deps.clientRecords.of(
        views.filter(({ status }) => status === 'running'),
        at,
      );
      const cards = views.flatMap((view) => {
        const cause = `amount:${last.get(view.orderId)?.number}:${view.status}`;
        return cardNotices(view, cause, at, { names, client: clients.get(view.orderId) });
      });
      await deps.notices.enqueue(cards, at);
      return stored.filter(({ status }) => status === 'running').map(({ _id }) => _id);
    }
  }

  return { refreshPaidCards };
}
