import type { Period } from '../kernel/calendar.ts';
import { inBatches } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { FanVerdict } from './fans/fan.ts';
import type { OrderStatus } from './order.ts';
import { escrowAccount } from './settlement/entries.ts';
import type { OrderStore } from './store.ts';

const ORDERS_PER_BATCH = 1_000;
const OPEN = { prepaid: true, status: { $in: ['queued', 'running'] satisfies OrderStatus[] } };

/** How many fans of a marketer's orders got a verdict. */
export type VerdictCount = { marketerId: string; verdict: FanVerdict; count: number };

export type OrderSeries = ReturnType<typeof createOrderSeries>;

/** Orders over time: what was held for them, and what became of their fans. */
export function createOrderSeries({ store, ledger }: { store: OrderStore; ledger: Pick<Ledger, 'sumsBefore'> }) {
  /**
   * What was held in escrow just before each of these instants, which are in the order of time. An order that is over holds nothing,
   * so only those are summed up that are open, or were at the first instant.
   */
  async function escrowAt(instants: Date[]): Promise<MinorUnits[]> {
    const [first] = instants;
    if (first === undefined) return [];
    const held = instants.map(() => 0);
    const wereOpen = { $or: [OPEN, { prepaid: true, endedAt: { $gte: first } }] };
    for await (const batch of inBatches(store.orders.find(wereOpen, { projection: { _id: 1 } }), ORDERS_PER_BATCH)) {
      const accounts = batch.map(({ _id }) => escrowAccount(_id));
      for (const [index, amount] of (await ledger.sumsBefore(accounts, instants)).entries()) {
        held[index] = (held[index] ?? 0) + amount;
      }
    }
    return held;
  }

  /** How many prepaid orders are open, counted as far as `most`. */
  const openCount = (most: number): Promise<number> => store.orders.countDocuments(OPEN, { limit: most });

  /** How many fans were judged within a period, counted as far as `most`. */
  const judgedCount = ({ start, end }: Period, most: number): Promise<number> =>
    store.fans.countDocuments({ judgedAt: { $gte: start, $lt: end } }, { limit: most });

  /** The verdicts of the fans that were judged within a period, by the marketer of their order. */
  async function verdictsIn({ start, end }: Period): Promise<VerdictCount[]> {
    const rows = store.fans.aggregate<{ _id: { orderId: string; verdict: FanVerdict }; count: number }>([
      { $match: { judgedAt: { $gte: start, $lt: end }, verdict: { $ne: 'end' } } },
      { $group: { _id: { orderId: '$orderId', verdict: '$verdict' }, count: { $sum: 1 } } },
    ]);
    const counts: VerdictCount[] = [];
    for await (const batch of inBatches(rows, ORDERS_PER_BATCH)) {
      const ids = [...new Set(batch.map(({ _id }) => _id.orderId))];
      const found = store.orders.find({ _id: { $in: ids } }, { projection: { marketerId: 1 } });
      const marketers = new Map((await found.toArray()).map(({ _id, marketerId }) => [_id, marketerId]));
      for (const { _id, count } of batch) {
        const marketerId = marketers.get(_id.orderId);
        if (marketerId !== undefined) counts.push({ marketerId, verdict: _id.verdict, count });
      }
    }
    return counts;
  }

  /** When the first order was placed, and the first fan judged; null before there is one. */
  async function firstPlaced(): Promise<Date | null> {
    // Those are dated that were written since there are seals; older ones are long over.
    const dated = store.orders.find({ insertedAt: { $exists: true } }, { projection: { placedAt: 1 } });
    return (await dated.sort({ insertedAt: 1 }).limit(1).next())?.placedAt ?? null;
  }
  async function firstJudged(): Promise<Date | null> {
    const fans = store.fans.find({}, { projection: { judgedAt: 1 } });
    return (await fans.sort({ judgedAt: 1 }).limit(1).next())?.judgedAt ?? null;
  }

  return { escrowAt, openCount, judgedCount, verdictsIn, firstPlaced, firstJudged };
}
