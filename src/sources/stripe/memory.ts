import type { Connection } from 'mongoose';

import { insertIgnoringDuplicates, unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import type { InvoiceLink, RefundNews } from './read.ts';
import { createStripeStore, type StoredStripeRefund } from './store.ts';

/** A refund as the two kinds of events that tell of it have in common. */
export type KnownRefund = Pick<StoredStripeRefund, '_id' | 'amount' | 'at' | 'isGranted' | 'declinedAt'>;

export type ChargeNews = Extract<RefundNews, { of: 'charge' }>;
export type RefundObjectNews = Extract<RefundNews, { of: 'refund' }>;

/** What Stripe's events say of each other, one by one and in any order. Each call is idempotent. */
export type StripeMemory = {
  noteLinks(links: InvoiceLink[], event: string): Promise<void>;
  /** The invoices of these payments, null where they are no subscription's; of those that are known. */
  invoicesOf(payments: string[]): Promise<Map<string, string | null>>;
  /** The refund that news are of; null where a charge tells of nothing that is not known. */
  refundOf(news: ChargeNews | RefundObjectNews): Promise<KnownRefund | null>;
};

export function createStripeMemory(connection: Connection): StripeMemory {
  const { links, refunds } = createStripeStore(connection);

  async function noteLinks(told: InvoiceLink[], eventId: string): Promise<void> {
    const documents = told.map(({ payment, invoiceId }) => ({ _id: payment, invoiceId, eventId }));
    await insertIgnoringDuplicates(links, documents, durable(links));
  }

  async function invoicesOf(payments: string[]): Promise<Map<string, string | null>> {
    const found = await links.find({ _id: { $in: payments } }).toArray();
    return new Map(found.map(({ _id, invoiceId }) => [_id, invoiceId]));
  }

  async function refundOf(news: ChargeNews | RefundObjectNews): Promise<KnownRefund | null> {
    // Another process may take the same place; each round one of them succeeds.
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const known = await refunds.findOne(claimOf(news));
      if (known !== null) return decided(known, news);
      const ofPayment = await refunds.find({ payment: news.payment }).toArray();
      const amount = amountOf(news, ofPayment);
      if (amount <= 0) return null;
      const claimed = await unlessDuplicate(claim(news, amount));
      if (claimed !== null) return decided(claimed, news);
      const alike = ofPayment.filter((one) => one.amount === amount).length;
      const { payment, at } = news;
      const document = { _id: `${payment}:${amount}:${alike + 1}`, payment, amount, at, ...claimOf(news) };
      const inserted = await unlessDuplicate(refunds.insertOne(document, durable(refunds)));
      if (inserted !== null) return decided(document, news);
    }
    throw new BrokenInvariant(`nobody gets a refund of ${news.payment} recorded`);
  }

  /** A refund of the same amount that only the other kind of event has told of. */
  function claim(news: ChargeNews | RefundObjectNews, amount: number): Promise<StoredStripeRefund | null> {
    const isFree = { payment: news.payment, amount, [news.of === 'charge' ? 'event' : 'refund']: { $exists: false } };
    const options = { sort: { _id: 1 }, returnDocument: 'after', ...durable(refunds) } as const;
    return refunds.findOneAndUpdate(isFree, { $set: claimOf(news) }, options);
  }

  async function decided(known: StoredStripeRefund, news: ChargeNews | RefundObjectNews): Promise<KnownRefund> {
    const { _id } = known;
    if (news.of === 'charge' || news.outcome === 'granted') {
      const open = { _id, isGranted: { $exists: false }, declinedAt: { $exists: false } };
      await refunds.updateOne(open, { $set: { isGranted: true } }, durable(refunds));
    } else if (news.outcome === 'declined') {
      const first = { _id, declinedAt: { $exists: false } };
      await refunds.updateOne(first, { $set: { declinedAt: news.decidedAt } }, durable(refunds));
    }
    return (await refunds.findOne({ _id })) ?? known;
  }

  return { noteLinks, invoicesOf, refundOf };
}

const MOST_ROUNDS = 20;

function claimOf(news: ChargeNews | RefundObjectNews): { event: string } | { refund: string } {
  return news.of === 'charge' ? { event: news.event } : { refund: news.refund };
}

/** What a charge says beyond what it said before; where it does not say that, beyond what is known. */
export function amountOf(news: ChargeNews | RefundObjectNews, known: { amount: number }[]): number {
  if (news.of === 'refund') return news.amount;
  const before = news.before ?? known.reduce((sum, { amount }) => sum + amount, 0);
  return news.total - before;
}
