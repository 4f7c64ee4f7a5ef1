import type { AppliedChecks, ToldEvents } from '../../events/toldEvent.ts';
import {
  differingFields,
  type FactCollection,
  type StoredFact,
  verifyApplied,
  verifyFacts,
  wordOf,
} from '../../events/verifyFacts.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import { respondByOf } from '../lifecycle/deadlineSteps.ts';
import { hashOfTerms, placedTerms } from '../lifecycle/placement.ts';
import { campaignIdOf } from '../order.ts';
import type { OrderStore, StoredOrder } from '../store.ts';

const BATCH = 500;

/** How long orders could be answered, by each policy since an instant; null when nobody knows. */
export type OrderPolicies = { answerHours: number[]; since: Date | null };

/** Compares the terms of orders with the events that placed them, in both directions, and renewals with what they renew. */
export function createOrderFacts({ orders }: Pick<OrderStore, 'orders'>) {
  const collection: FactCollection<'order.placed'> = {
    name: 'orders',
    type: 'order.placed',
    all: () => orders.find({ renewalOf: { $exists: false } }).map(factOf),
    byId: (ids) =>
      orders
        .find({ _id: { $in: ids } })
        .map(factOf)
        .toArray(),
    told: ({ data }) => ({ id: data.orderId, content: { ...placedTerms(data), hash: hashOfTerms(data) } }),
  };

  async function facts(events: ToldEvents, policies: OrderPolicies): Promise<string[]> {
    const differences = await verifyFacts(collection, events);
    const others = await linesOnAll(
      orders.find({}),
      BATCH,
      ({ _id }) => `order ${_id}`,
      async (batch) => {
        const renewed = await byId(batch.flatMap(({ renewalOf }) => renewalOf ?? []));
        const renewals = await byId(batch.flatMap(renewalIdsOf));
        return batch.flatMap((order) => [
          ...deadlineDifferences(order, policies),
          ...(order.renewalOf === undefined ? [] : renewalDifferences(order, renewed.get(order.renewalOf))),
          ...missingRenewals(order, renewals),
        ]);
      },
    );
    return [...differences, ...others];
  }

  async function byId(ids: string[]): Promise<Map<string, StoredOrder>> {
    if (ids.length === 0) return new Map();
    const found = await orders.find({ _id: { $in: ids } }).toArray();
    return new Map(found.map((order) => [order._id, order]));
  }

  const applied: AppliedChecks = { 'order.placed': (events) => verifyApplied(collection, events) };

  return { facts, applied };
}

function factOf({ _id: id, eventId, hash, ...order }: StoredOrder): StoredFact {
  return { id, eventId, content: { ...termsOf(order), hash } };
}

function termsOf(order: Omit<StoredOrder, '_id' | 'hash'>) {
  const { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt, chunkSize } = order;
  return { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt, chunkSize };
}

/** When it can be answered until and is looked at, when it was accepted and started, and under which campaign. */
function deadlineDifferences(order: StoredOrder, { answerHours, since }: OrderPolicies): string[] {
  const { _id, status, placedAt, respondBy, nextStepAt, acceptedAt, startedAt, campaignId } = order;
  const deadlines = answerHours.map((hours) => respondByOf(placedAt, hours).getTime());
  const isKnown = since === null || placedAt < since || deadlines.includes(respondBy.getTime());
  const isLookedAt = status !== 'placed' || (nextStepAt !== undefined && nextStepAt <= respondBy);
  const campaigns = [campaignIdOf(_id), `cpl-${_id}`];
  return [
    ...(isKnown ? [] : [`respondBy is ${wordOf(respondBy)}, not ${wordOf(new Date(deadlines[0] ?? 0))}`]),
    ...(isLookedAt ? [] : [`it is placed, and looked at ${wordOf(nextStepAt)}, not by ${wordOf(respondBy)}`]),
    ...(acceptedAt === undefined || acceptedAt < respondBy
      ? []
      : [`acceptedAt is ${wordOf(acceptedAt)}, after ${wordOf(respondBy)}, when it expired`]),
    ...(acceptedAt === undefined || startedAt === undefined || startedAt >= acceptedAt
      ? []
      : [`startedAt is ${wordOf(startedAt)}, before ${wordOf(acceptedAt)}, when it was accepted`]),
    ...(acceptedAt === undefined || campaigns.includes(campaignId ?? '')
      ? []
      : [`campaignId is ${wordOf(campaignId)}, not ${campaigns[0]}`]),
  ].map((line) => `order ${_id}: ${line}`);
}

/** A renewal has the terms of the order that it renews, and is placed when that is complete (rules 4.8). */
function renewalDifferences(order: StoredOrder, renewed: StoredOrder | undefined): string[] {
  const name = `order ${order._id}`;
  const { renewal, endedAt } = renewed ?? {};
  if (renewed === undefined || renewal?.kind !== 'renewed' || renewal.orderId !== order._id) {
    return [`${name}: it renews ${order.renewalOf}, which says otherwise`];
  }
  return differingFields(termsOf(order), { ...termsOf(renewed), placedAt: endedAt }).map(
    ([field, is, should]) => `${name}: ${field} is ${is}, and the order that it renews says ${should}`,
  );
}

function missingRenewals(order: StoredOrder, renewals: Map<string, StoredOrder>): string[] {
  // Its effects are still to come.
  if ((order.pendingEffects ?? []).length > 0) return [];
  return renewalIdsOf(order)
    .filter((id) => renewals.get(id)?.renewalOf !== order._id)
    .map((id) => `order ${order._id}: it was renewed as ${id}, which is missing`);
}

function renewalIdsOf({ renewal }: StoredOrder): string[] {
  return renewal?.kind === 'renewed' ? [renewal.orderId] : [];
}
