import type { mongo } from 'mongoose';

import { type Dated, type SealSource, sealSource } from '../seals/source.ts';
import type { SalesStore } from './store.ts';

/**
 * Facts of sales that are written once: payments, attributions, cancellations, refunds, what was asked for and declined, and versions of
 * programs. Subscriptions are not: the end of their trial can change, and they follow from their events.
 */
export function sealedSales(store: Omit<SalesStore, 'subscriptions'>): SealSource[] {
  return [
    factsOf('payments', store.payments, [
      ...(['eventId', 'arrivedAt', 'subscriptionId', 'modelId', 'fanId', 'campaignId'] as const),
      ...(['kind', 'amount', 'paidAt'] as const),
    ]),
    factsOf('attributions', store.attributions, [
      ...(['eventId', 'arrivedAt', 'affiliateId', 'programId', 'attributedAt'] as const),
    ]),
    factsOf('cancellations', store.cancellations, ['eventId', 'arrivedAt', 'cancelledAt']),
    // Not whether one is final: a decision that is built on it makes it so.
    factsOf('refunds', store.refunds, ['eventId', 'arrivedAt', 'paymentId', 'amount', 'refundedAt']),
    factsOf('refund_requests', store.refundRequests, ['eventId', 'arrivedAt', 'paymentId', 'requestedAt']),
    factsOf('refund_declines', store.refundDeclines, ['eventId', 'arrivedAt', 'declinedAt']),
    factsOf('program_versions', store.programs, [
      ...(['programId', 'timestamp', 'arrivedAt', 'rateBps', 'fixedAmount'] as const),
      ...(['charges', 'clawback', 'minimumPayout'] as const),
    ]),
  ];
}

function factsOf<T extends Dated>(
  name: string,
  collection: mongo.Collection<T>,
  fields: readonly (keyof T & string)[],
): SealSource {
  const content = (fact: T) => Object.fromEntries(fields.map((field) => [field, fact[field]]));
  return sealSource({ name, collection, fields, content });
}
