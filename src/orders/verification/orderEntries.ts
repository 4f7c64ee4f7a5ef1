import type { Entry, EntryDraft } from '../../ledger/entry.ts';
import { entryDifferences } from '../../ledger/entryDifferences.ts';
import type { OrderQueries } from '../orderQueries.ts';
import { amountEntry, type DeclinedStatus, declineEntry, holdEntry, returnEntry } from '../settlement/entries.ts';
import { fansPerAmount, returnedAt } from '../settlement/settlement.ts';
import { type OrderStore, type StoredOrder, toOrder } from '../store.ts';

/** Compares the ledger entries of orders with the orders: none moves more, or other money, than an order brought about. */
export function createOrderEntries(deps: {
  store: Pick<OrderStore, 'orders'>;
  orderQueries: Pick<OrderQueries, 'lastFans'>;
}) {
  return async function verifyEntries(batch: Entry[]): Promise<string[]> {
    const parts = batch.map((entry) => ({ entry, ...partsOf(entry._id) }));
    const ids = [...new Set(parts.map(({ orderId }) => orderId))];
    const found = await deps.store.orders.find({ _id: { $in: ids } }).toArray();
    const orders = new Map(found.map((order) => [order._id, order]));
    const last = await deps.orderQueries.lastFans(found.map(({ _id }) => _id));
    return parts.flatMap(({ entry, orderId, what }) => {
      const order = orders.get(orderId);
      const where = `ledger_entries/${entry._id}`;
      if (order === undefined) return [`${where}: there is no order ${orderId}`];
      const draft = draftOf(order, what, { entry, delivered: last.get(orderId)?.delivered ?? 0 });
      if (draft === undefined) return [`${where}: order ${orderId} is ${order.status}, and moves nothing so`];
      return entryDifferences(entry, draft);
    });
  };
}

/** The order, and what happened to it: `accepted`, `rejected`, ..., `returned`, or the number of an amount. */
function partsOf(entryId: string): { orderId: string; what: string } {
  const [, orderId = '', what = ''] = /^order:(.*):(amount:\d+|[a-z]+)$/.exec(entryId) ?? [];
  return { orderId, what };
}

/** What an order writes under such a name; undefined where it writes nothing. */
function draftOf(
  stored: StoredOrder,
  what: string,
  { entry, delivered }: { entry: Entry; delivered: number },
): Omit<EntryDraft, 'entryId'> | undefined {
  const order = toOrder(stored);
  const { effectiveAt, actor = '', reason } = entry;
  switch (what) {
    case 'accepted':
      // An order that is still placed is brought to its entry by the repair, and says so itself.
      return stored.prepaid ? holdEntry(order, stored.acceptedAt ?? effectiveAt, { actor, reason }) : undefined;
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'refused':
      return stored.prepaid ? declined(stored, what, entry) : undefined;
    case 'returned': {
      const amount = returnedAt(order, delivered);
      const isOver = stored.status === 'stopped' || stored.stopping !== undefined;
      return amount > 0 && isOver ? returnEntry(order, amount, stored.endedAt ?? effectiveAt) : undefined;
    }
    default: {
      const number = Number(what.slice('amount:'.length));
      const amount = amountOf(stored, number, delivered);
      return amount === undefined ? undefined : amountEntry(order, { number, amount }, effectiveAt);
    }
  }
}

function declined(stored: StoredOrder, status: DeclinedStatus, { effectiveAt, actor = '', eventId }: Entry) {
  const at = stored.status === status ? (stored.endedAt ?? effectiveAt) : effectiveAt;
  const by = stored.status === status ? stored.endedByEvent : eventId;
  return declineEntry(toOrder(stored), { status, at, actor, reason: null, eventId: by });
}

/** What the amount of this number comes to, if so many fans make it due (rules 4.6). */
function amountOf(stored: StoredOrder, number: number, delivered: number): number | undefined {
  const size = fansPerAmount({ ...stored, chunkSize: stored.chunkSize ?? null });
  const full = Math.floor(delivered / size);
  const isOver = stored.status === 'stopped' || stored.stopping !== undefined || delivered === stored.quantity;
  if (number >= 1 && number <= full) return size * stored.pricePerFan;
  const rest = delivered - full * size;
  return number === full + 1 && isOver && rest > 0 ? rest * stored.pricePerFan : undefined;
}
