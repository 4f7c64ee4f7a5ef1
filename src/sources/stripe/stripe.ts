import type { z } from 'zod';

import { PLATFORM_ID } from '../../kernel/ids.ts';
import type { MadeEvent, Mapping, Received, Source } from '../source.ts';
import type { StripeMemory } from './memory.ts';
import { eventSchema, type StripeEvent } from './objects.ts';
import { withoutPersons } from './persons.ts';
import {
  affiliateOf,
  amountOf,
  type Reading,
  type RefundNews,
  readStripeEvent,
  STRIPE_TYPES,
  Unreadable,
} from './read.ts';

export const STRIPE = 'stripe';

/** Under this kind and the id of a payment intent or charge, refunds wait until the invoice is known that it pays. */
export const STRIPE_PAYMENT = 'stripePayment';

/** Stripe as a source (docs/stripe.md): its map is code, because one of its events alone seldom says what happened. */
export function createStripeSource(memory: StripeMemory): Source {
  async function map({ body }: Received): Promise<Mapping> {
    try {
      const event = eventOf(body);
      const reading = readStripeEvent(event);
      await memory.noteLinks(reading.links, event.id);
      return { kind: 'events', events: [...reading.events, ...(await refundEvents(reading.refunds))] };
    } catch (error) {
      if (error instanceof Unreadable) return { kind: 'fault', reason: error.message };
      throw error;
    }
  }

  async function refundEvents(refunds: RefundNews[]): Promise<MadeEvent[]> {
    const events: MadeEvent[] = [];
    for (const news of refunds) {
      const paymentId = await invoiceOf(news);
      if (paymentId !== null) events.push(...(await eventsOf(news, paymentId)));
    }
    return events;
  }

  /** Null where it is no subscription's. */
  async function invoiceOf({ payment, invoiceId }: RefundNews): Promise<string | null> {
    const invoice = invoiceId ?? (await memory.invoicesOf([payment])).get(payment);
    if (invoice === undefined) throw new Unreadable(`nothing says yet which invoice ${payment} pays`);
    if (invoice === null || (await memory.invoicesOf([invoice])).get(invoice) === null) return null;
    return invoice;
  }

  async function eventsOf(news: RefundNews, paymentId: string): Promise<MadeEvent[]> {
    if (news.of === 'dispute') {
      const { dispute: refundId, amount, at, outcome, decidedAt } = news;
      const refund = { refundId, paymentId, amount: amountOf(amount, news.currency), currency: news.currency, at };
      return [
        requested(refund),
        ...(outcome === 'granted' ? [granted(refund)] : []),
        ...(outcome === 'declined' ? [declined(refundId, decidedAt)] : []),
      ];
    }
    const known = await memory.refundOf(news);
    if (known === null) return [];
    const { _id: refundId, amount, at, isGranted, declinedAt } = known;
    const refund = { refundId, paymentId, amount: amountOf(amount, news.currency), currency: news.currency, at };
    // One that is known to have failed was told of in another order than it happened in.
    if (news.of === 'charge' || news.outcome === 'granted') return isGranted === true ? [granted(refund)] : [];
    if (news.outcome === 'asked') return [requested(refund)];
    if (isGranted === true) {
      throw new Unreadable(
        `refund ${news.refund} of ${news.payment} failed after it was told as made: what followed from it stands, correct it by hand`,
      );
    }
    return [requested(refund), declined(refundId, declinedAt ?? news.decidedAt)];
  }

  return {
    name: STRIPE,
    isSlow: false,
    read: readAtDoor,
    waitsFor: ({ body }) => {
      const { links, refunds } = readingOf(body);
      const known = new Set(links.map(({ payment }) => payment));
      const missing = refunds.filter(({ payment, invoiceId }) => invoiceId === null && !known.has(payment));
      return [...new Set(missing.map(({ payment }) => `${STRIPE_PAYMENT}:${payment}`))];
    },
    provides: ({ body }) => readingOf(body).links.map(({ payment }) => `${STRIPE_PAYMENT}:${payment}`),
    map,
    close: async () => {},
  };
}

type Refund = { refundId: string; paymentId: string; amount: number; currency: string; at: Date };

function granted({ at, ...refund }: Refund): MadeEvent {
  return { type: 'payment.refunded', timestamp: at, data: { ...refund, refundedAt: at } };
}

function requested({ refundId, paymentId, currency, at }: Refund): MadeEvent {
  return { type: 'refund.requested', timestamp: at, data: { refundId, paymentId, currency, requestedAt: at } };
}

function declined(refundId: string, declinedAt: Date): MadeEvent {
  return { type: 'refund.declined', timestamp: declinedAt, data: { refundId, declinedAt } };
}

function readAtDoor(json: unknown): ReturnType<Source['read']> {
  const read = eventSchema.safeParse(json);
  if (!read.success) return { problem: `${noEvent(read.error)}.` };
  const { id, type, created, data } = read.data;
  const affiliate = affiliateOf(data.object);
  return {
    ...{ event: id, isVouched: true, kind: type, timestamp: created, isOurs: STRIPE_TYPES.has(type) },
    body: JSON.stringify(withoutPersons(json)),
    ...(affiliate !== null && PLATFORM_ID.test(affiliate) ? { accountId: affiliate } : {}),
  };
}

/** Throws Unreadable. */
function eventOf(text: string): StripeEvent {
  const parsed = eventSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Unreadable(noEvent(parsed.error));
}

function noEvent(error: z.ZodError): string {
  const fields = [...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ');
  return `It is no event of Stripe's with a snapshot: ${fields || 'it'} is missing or wrong`;
}

/** What it says, as far as it can be read: what cannot is refused when it is mapped. */
function readingOf(body: string): Reading {
  try {
    return readStripeEvent(eventOf(body));
  } catch (error) {
    if (error instanceof Unreadable) return { links: [], events: [], refunds: [] };
    throw error;
  }
}
