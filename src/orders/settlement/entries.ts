import type { Entry, EntryDraft } from '../../ledger/entry.ts';
import { type OrderStatus, type OrderTerms, totalOf } from '../order.ts';
import type { Amount } from './settlement.ts';

type Parties = Pick<OrderTerms, 'orderId' | 'modelId' | 'marketerId' | 'prepaid'>;

export function escrowAccount(orderId: string): string {
  return `escrow:${orderId}`;
}

function modelAccount(modelId: string): string {
  return `model:${modelId}`;
}

/** The question that every answer to a prepaid order answers: the ledger takes one answer only. */
export function answerOf(orderId: string): string {
  return `order:${orderId}`;
}

/** Accepting a prepaid order holds its price (rules 4.3). */
export function holdEntry(
  order: Parties & Pick<OrderTerms, 'quantity' | 'pricePerFan'>,
  acceptedAt: Date,
  { actor, reason }: { actor: string; reason?: string | undefined },
): EntryDraft {
  const total = totalOf(order);
  return {
    entryId: `order:${order.orderId}:accepted`,
    book: modelAccount(order.modelId),
    outcome: answerOf(order.orderId),
    postings: [
      { account: modelAccount(order.modelId), amount: -total },
      { account: escrowAccount(order.orderId), amount: total },
    ],
    effectiveAt: acceptedAt,
    actor,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Any other answer to a prepaid order moves nothing, but stands where the hold would, so that one of them is written. */
export function declineEntry(
  order: Parties,
  decline: {
    status: DeclinedStatus;
    at: Date;
    actor: string;
    reason: string | null;
    eventId?: string | undefined;
  },
): EntryDraft {
  return {
    entryId: `order:${order.orderId}:${decline.status}`,
    book: modelAccount(order.modelId),
    outcome: answerOf(order.orderId),
    postings: [],
    effectiveAt: decline.at,
    ...(decline.eventId === undefined ? {} : { eventId: decline.eventId }),
    actor: decline.actor,
    ...(decline.reason === null ? {} : { reason: decline.reason }),
  };
}

export type DeclinedStatus = Extract<OrderStatus, 'rejected' | 'cancelled' | 'expired' | 'refused'>;

/** The meaning of an entry that answers an order: accepted, or how it was declined. */
export function answeredBy({ _id }: Pick<Entry, '_id'>): 'accepted' | DeclinedStatus {
  // Ids are written by the two functions above.
  return _id.slice(_id.lastIndexOf(':') + 1) as 'accepted' | DeclinedStatus;
}

/**
 * An amount that fell due: out of escrow, or from the client's balance, to the marketer (rules 4.6). Escrow needs no
 * guard: what leaves it is fixed by the numbers of the fans, of which there are never more than were paid for.
 */
export function amountEntry(
  order: Parties,
  { number, amount }: Pick<Amount, 'number' | 'amount'>,
  paidAt: Date,
): EntryDraft {
  const from = order.prepaid ? escrowAccount(order.orderId) : modelAccount(order.modelId);
  return {
    entryId: `order:${order.orderId}:amount:${number}`,
    book: from,
    postings: [
      { account: from, amount: -amount },
      { account: `marketer:${order.marketerId}`, amount },
    ],
    effectiveAt: paidAt,
  };
}

/** What is left in escrow when a prepaid order is stopped goes back to the client (rules 4.7). */
export function returnEntry(order: Parties, amount: number, at: Date): EntryDraft {
  return {
    entryId: `order:${order.orderId}:returned`,
    book: escrowAccount(order.orderId),
    postings: [
      { account: escrowAccount(order.orderId), amount: -amount },
      { account: modelAccount(order.modelId), amount },
    ],
    effectiveAt: at,
  };
}
