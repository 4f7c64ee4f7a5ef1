import { type SealSource, sealSource } from '../seals/source.ts';
import type { OrderStore } from './store.ts';

/** Of an order are sealed its terms; what becomes of it changes. */
export function sealedOrders({ orders }: Pick<OrderStore, 'orders'>): SealSource {
  return sealSource({
    name: 'orders',
    collection: orders,
    fields: [
      ...([
        'modelId',
        'marketerId',
        'offerId',
        'quantity',
        'pricePerFan',
        'prepaid',
        'chunkSize',
        'autoRenew',
      ] as const),
      ...(['placedAt', 'respondBy', 'renewalOf', 'eventId'] as const),
    ],
    content: (order) => {
      const { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, chunkSize, autoRenew } = order;
      const { placedAt, respondBy, renewalOf, eventId } = order;
      return {
        ...{ modelId, marketerId, offerId, quantity, pricePerFan, prepaid, chunkSize, autoRenew },
        ...{ placedAt, respondBy, renewalOf, eventId },
      };
    },
  });
}

/** Verdicts of fans are sealed as they are, and counted by order, so that none can be left out. */
export function sealedFans({ fans }: Pick<OrderStore, 'fans'>): SealSource {
  return sealSource({
    name: 'order_fans',
    collection: fans,
    fields: ['orderId', 'fanId', 'startedAt', 'judgedAt', 'verdict', 'number', 'modelId'],
    content: ({ _id, ...fan }) => fan,
    groupBy: 'orderId',
  });
}

/** Of an amount is sealed what fell due, for how many fans; whether it is paid changes. */
export function sealedAmounts({ amounts }: Pick<OrderStore, 'amounts'>): SealSource {
  return sealSource({
    name: 'order_amounts',
    collection: amounts,
    fields: ['orderId', 'modelId', 'marketerId', 'number', 'fans', 'amount', 'fellDueAt'],
    content: ({ orderId, modelId, marketerId, number, fans, amount, fellDueAt }) => ({
      ...{ orderId, modelId, marketerId, number, fans, amount, fellDueAt },
    }),
  });
}
