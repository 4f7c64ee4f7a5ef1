import { insertIgnoringDuplicates } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import type { DataOf } from '../../events/catalogue.ts';
import type { Fact } from '../../events/handler.ts';
import { hashOf } from '../../kernel/ids.ts';
import type { OrderBlocker } from '../../notices/messages/orders.ts';
import { writtenNow } from '../../seals/source.ts';
import type { OrderReason } from '../order.ts';
import type { OrderStore, PendingEffect, StoredOrder } from '../store.ts';
import { deadlineSteps, respondByOf } from './deadlineSteps.ts';
import type { OrderBlockers } from './orderBlockers.ts';

export type OrderPlacement = ReturnType<typeof createOrderPlacement>;

/** Places orders: by the platform's event, or by renewal (rules 4.1, 4.8). */
export function createOrderPlacement(deps: { store: OrderStore; orderBlockers: OrderBlockers; answerHours: number }) {
  const { orders } = deps.store;

  /**
   * Places orders, or stores them as refused with the reason (rules 2.2, 4.6): the insert decides, and what is there
   * stays. Answers those whose id has other content already, by event id.
   */
  async function place(facts: Fact<'order.placed'>[], now: Date): Promise<Map<string, string>> {
    const orderBlockers = await deps.orderBlockers.standing(
      facts.map(({ data }) => data.modelId),
      now,
    );
    const documents = facts.map(({ data, arrivedAt }) =>
      documentOf(data, arrivedAt, orderBlockers.get(data.modelId)?.blockers ?? []),
    );
    if ((await insertIgnoringDuplicates(orders, documents, durable(orders))).length === 0) return new Map();
    const stored = await orders
      .find({ _id: { $in: documents.map(({ _id }) => _id) } }, { projection: { hash: 1 } })
      .toArray();
    const hashes = new Map(stored.map(({ _id, hash }) => [_id, hash]));
    const wrong = facts.filter((_, index) => hashes.get(documents[index]?._id ?? '') !== documents[index]?.hash);
    return new Map(
      wrong.map(({ eventId, data }) => [eventId, `order ${data.orderId} was told before, with other content`]),
    );
  }

  function documentOf(
    { orderId, ...data }: DataOf<'order.placed'>,
    arrivedAt: Date,
    blockers: OrderBlocker[],
  ): StoredOrder {
    const {
      modelId,
      marketerId,
      offerId,
      quantity,
      pricePerFan,
      prepaid,
      chunkSize,
      autoRenew = false,
      placedAt,
    } = data;
    const terms = { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt };
    return {
      _id: orderId,
      hash: hashOf(JSON.stringify([terms, chunkSize ?? null])),
      ...terms,
      respondBy: respondByOf(placedAt, deps.answerHours),
      ...(chunkSize === undefined ? {} : { chunkSize }),
      ...arrival(placedAt, arrivedAt, blockers),
      ...writtenNow(),
    };
  }

  /** The state of an order on arrival: too late to be answered, refused, or placed. */
  function arrival(placedAt: Date, arrivedAt: Date, blockers: OrderBlocker[]) {
    const respondBy = respondByOf(placedAt, deps.answerHours);
    if (arrivedAt >= respondBy) return ended('expired', respondBy, [{ kind: 'not-answered' }]);
    if (blockers.length > 0) return ended('refused', arrivedAt, blockers);
    const next = deadlineSteps({ placedAt, respondBy }).find(({ at }) => at > arrivedAt);
    return {
      ...NOTHING_YET,
      status: 'placed' as const,
      nextStepAt: next?.at ?? respondBy,
      pendingEffects: [{ key: 'placed', kind: 'placed', at: arrivedAt } satisfies PendingEffect],
    };
  }

  /**
   * Places the order that renews a completed one, on the same terms, at the instant of its completion. Idempotent.
   */
  async function renew(completed: StoredOrder, _id: string, placedAt: Date): Promise<void> {
    const { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, chunkSize, autoRenew } = completed;
    const respondBy = respondByOf(placedAt, deps.answerHours);
    const document: StoredOrder = {
      _id,
      hash: `renewal of ${completed._id}`,
      ...{ modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt, respondBy },
      ...(chunkSize === undefined ? {} : { chunkSize }),
      renewalOf: completed._id,
      ...arrival(placedAt, placedAt, []),
      ...writtenNow(),
    };
    await insertIgnoringDuplicates(orders, [document], durable(orders));
  }

  return { place, renew };
}

const NOTHING_YET = { delivered: 0, settled: 0, progress: 0 };

function ended(status: 'expired' | 'refused', endedAt: Date, reasons: OrderReason[]) {
  const pendingEffects: PendingEffect[] = [{ key: status, kind: status, at: endedAt }];
  return { ...NOTHING_YET, status, endedAt, reasons, pendingEffects };
}
