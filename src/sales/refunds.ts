import type { Fact, Revision } from '../events/handler.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { refusalSentence } from './refund.ts';
import type { Sales } from './sales.ts';

type RefundFacts = Fact<'payment.refunded'>[];
type RefundsWithVerdicts = Awaited<ReturnType<Sales['refundsWithVerdicts']>>;

/** A refund as invoices take it: a transaction of a negative amount, dated when it was refunded (rules 1.1). */
export type RefundTransaction = {
  id: string;
  campaignId: string;
  type: 'refund';
  amount: MinorUnits;
  occurredAt: Date;
  arrivedAt: Date;
};

/** Puts refunds on invoices; `billed`: an invoice has it already, and it stands. */
export type RefundTransactions = {
  record(transactions: RefundTransaction[], now: Date): Promise<void>;
  withdraw(id: string, now: Date): Promise<'withdrawn' | 'billed'>;
};

/** Which refunds hold, and what follows from that for invoices (rules 5.8). */
export function createRefunds(deps: {
  sales: Pick<Sales, 'payments' | 'paymentCampaigns' | 'refundsWithVerdicts' | 'makeFinal'>;
  transactions: RefundTransactions;
  /** In which amounts are said. */
  currency: string;
  /** Corrects the outcome of events that were decided before another one came. */
  revise: (revision: Revision) => Promise<void>;
}) {
  const { sales, transactions, currency } = deps;

  /**
   * Records the refunds that hold and withdraws those that no longer do, payment by payment, until nothing changes:
   * another process may have recorded a refund of the same payment meanwhile. Answers the refunds among these that do
   * not hold, with the reason, by event id.
   */
  async function settle(facts: RefundFacts, now: Date): Promise<Map<string, string>> {
    const paymentIds = [...new Set(facts.map(({ data }) => data.paymentId))];
    for (let before = ''; ; ) {
      const found = await sales.refundsWithVerdicts(paymentIds);
      const shape = JSON.stringify(found.map(({ refund, verdict }) => [refund._id, verdict.kind, refund.final]));
      if (shape === before) return refusedAmong(facts, found, currency);
      before = shape;
      await withdrawRefused(found, now);
      await transactions.record(await transactionsOf(found, facts, now), now);
      await reviseOthers(facts, found);
    }
  }

  async function transactionsOf(
    found: RefundsWithVerdicts,
    facts: RefundFacts,
    now: Date,
  ): Promise<RefundTransaction[]> {
    const arrivals = new Map(facts.map(({ data, arrivedAt }) => [data.refundId, arrivedAt]));
    const payments = await sales.payments([...new Set(found.map(({ refund }) => refund.paymentId))]);
    const campaignOf = await sales.paymentCampaigns([...payments.values()]);
    return found.flatMap(({ refund, verdict }) => {
      const payment = payments.get(refund.paymentId);
      const campaignId = payment === undefined ? undefined : campaignOf(payment);
      if (verdict.kind === 'refused' || campaignId === undefined) return [];
      const { amount, refundedAt: occurredAt } = refund;
      const arrivedAt = arrivals.get(refund._id) ?? now;
      return [{ id: `refund:${refund._id}`, campaignId, type: 'refund', amount: -amount, occurredAt, arrivedAt }];
    });
  }

  /** One that an invoice has taken already stands from then on. */
  async function withdrawRefused(found: RefundsWithVerdicts, now: Date): Promise<void> {
    const billed: string[] = [];
    for (const { refund, verdict } of found) {
      if (verdict.kind === 'accepted') continue;
      const outcome = await transactions.withdraw(`refund:${refund._id}`, now);
      if (outcome === 'billed') billed.push(refund._id);
    }
    if (billed.length > 0) await sales.makeFinal(billed);
  }

  /** Decisions on earlier refunds of the same payments may change now. */
  async function reviseOthers(facts: RefundFacts, found: RefundsWithVerdicts): Promise<void> {
    const inHand = new Set(facts.map(({ eventId }) => eventId));
    const refused = new Map<string, string>();
    const holding: string[] = [];
    for (const { refund, verdict } of found.filter(({ refund: { eventId } }) => !inHand.has(eventId))) {
      if (verdict.kind === 'refused') refused.set(refund.eventId, refusalSentence(verdict.why, currency));
      else holding.push(refund.eventId);
    }
    await deps.revise({ refused, holding });
  }

  return { settle };
}

function refusedAmong(facts: RefundFacts, found: RefundsWithVerdicts, currency: string): Map<string, string> {
  const verdicts = new Map(found.map(({ refund, verdict }) => [refund._id, verdict]));
  return new Map(
    facts.flatMap(({ eventId, data }) => {
      const verdict = verdicts.get(data.refundId);
      return verdict?.kind === 'refused' ? [[eventId, refusalSentence(verdict.why, currency)] as const] : [];
    }),
  );
}
