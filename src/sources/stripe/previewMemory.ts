import { amountOf, type ChargeNews, type KnownRefund, type RefundObjectNews, type StripeMemory } from './memory.ts';
import type { InvoiceLink } from './read.ts';

type Noted = KnownRefund & { payment: string; event?: string; refund?: string };

/** What a file of Stripe's events says, for a look at what would come of it: it lasts as long as the look. */
export function createPreviewMemory(): StripeMemory {
  const invoices = new Map<string, string | null>();
  const refunds: Noted[] = [];

  async function noteLinks(links: InvoiceLink[]): Promise<void> {
    for (const { payment, invoiceId } of links) if (!invoices.has(payment)) invoices.set(payment, invoiceId);
  }

  async function invoicesOf(payments: string[]): Promise<Map<string, string | null>> {
    return new Map([...invoices].filter(([payment]) => payments.includes(payment)));
  }

  async function refundOf(news: ChargeNews | RefundObjectNews): Promise<KnownRefund | null> {
    const ofPayment = refunds.filter(({ payment }) => payment === news.payment);
    const amount = amountOf(news, ofPayment);
    const alike = ofPayment.filter((one) => one.amount === amount);
    const { payment, at } = news;
    const known = ofPayment.find((one) =>
      news.of === 'charge' ? one.event === news.event : one.refund === news.refund,
    );
    const free = alike.find((one) => (news.of === 'charge' ? one.event : one.refund) === undefined);
    if (known === undefined && amount <= 0) return null;
    const noted: Noted = known ?? free ?? { _id: `${payment}:${amount}:${alike.length + 1}`, payment, amount, at };
    if (!refunds.includes(noted)) refunds.push(noted);
    if (news.of === 'charge') noted.event = news.event;
    else noted.refund = news.refund;
    if (news.of === 'refund' && news.outcome === 'declined') noted.declinedAt ??= news.decidedAt;
    else if (noted.declinedAt === undefined && (news.of === 'charge' || news.outcome === 'granted'))
      noted.isGranted = true;
    return noted;
  }

  return { noteLinks, invoicesOf, refundOf };
}
