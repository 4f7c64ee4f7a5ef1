import { datedAhead } from './accounts/account.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Affiliates } from './affiliates/affiliates.ts';
import type { Debts } from './debts/debts.ts';
import { type AnyHandler, type Fact, handler, NONE_REFUSED, type Revision } from './events/handler.ts';
import type { Invoicing } from './invoicing/invoicing.ts';
import type { TransactionFact } from './invoicing/transactions.ts';
import { roundsOf } from './kernel/group.ts';
import type { Ledger } from './ledger/journal.ts';
import { topUpEntry } from './ledger/topUps.ts';
import type { Orders } from './orders/orders.ts';
import type { Payees } from './payees/payees.ts';
import { createRefunds } from './sales/refunds.ts';
import type { Sales } from './sales/sales.ts';
import { refusalWords } from './texts/refusals.ts';

/**
 * What each type of event does, in the order in which types refer to each other: within one batch an account is known
 * before the campaign that names it.
 */
export function createHandlers(deps: {
  accounts: Accounts;
  ledger: Ledger;
  sales: Sales;
  invoicing: Pick<Invoicing, 'transactions'>;
  orders: Orders;
  affiliates: Affiliates;
  debts: Debts;
  payees: Pick<Payees, 'applyUpdates'>;
  /** In which people read amounts. */
  currency: string;
  /** Corrects the outcome of events that were decided before another one came. */
  revise: (revision: Revision) => Promise<void>;
}): AnyHandler[] {
  const { accounts, ledger, sales, invoicing, orders, affiliates, debts } = deps;
  const refunds = createRefunds({ ...deps, transactions: invoicing.transactions });

  return [
    handler<'account.updated'>({
      type: 'account.updated',
      refersTo: () => [],
      provides: ({ accountId, role }) => [
        `account:${accountId}`,
        ...reference('model', role === 'model' ? accountId : undefined),
      ],
      apply: async (facts, now) => {
        const ahead = facts.flatMap((fact) => {
          const why = datedAhead(fact);
          return why === null ? [] : [[fact.eventId, why] as const];
        });
        const refused = new Map(ahead);
        const good = facts.filter(({ eventId }) => !refused.has(eventId));
        const { managers, erased } = await accounts.applyUpdates(good);
        await accounts.announceManagers(managers, now);
        // Whatever the role is now: who took orders as a marketer, or takes them as a model, has a queue.
        await orders.capacityChanged([...new Set(good.map(({ data }) => data.accountId))], now);
        for (const { eventId, data } of good) {
          if (erased.has(data.accountId)) refused.set(eventId, `${data.accountId} is erased, and stays so`);
        }
        return refused;
      },
    }),
    handler<'payee.updated'>({
      type: 'payee.updated',
      refersTo: ({ accountId }) => [`account:${accountId}`],
      provides: () => [],
      apply: (facts, now) => deps.payees.applyUpdates(facts, now),
    }),
    handler<'campaign.updated'>({
      type: 'campaign.updated',
      refersTo: ({ modelId, contractorId }) => [`account:${modelId}`, `account:${contractorId}`],
      provides: ({ campaignId }) => [`campaign:${campaignId}`],
      apply: async (facts) => {
        const taken = await orders.existingCampaigns(facts.map(({ data }) => data.campaignId));
        const refused = facts.filter(({ data }) => taken.has(data.campaignId));
        const good = facts.filter(({ data }) => !taken.has(data.campaignId));
        if (good.length > 0) await invoicing.transactions.updateCampaigns(good);
        return new Map(refused.map(({ eventId, data }) => [eventId, `${data.campaignId} is the campaign of an order`]));
      },
    }),
    handler<'program.updated'>({
      type: 'program.updated',
      refersTo: () => [],
      provides: ({ programId }) => [`program:${programId}`],
      apply: async (facts, now) => {
        await sales.recordPrograms(facts);
        await affiliates.commissions.recomputeForPrograms([...new Set(facts.map(({ data }) => data.programId))], now);
        return NONE_REFUSED;
      },
    }),
    handler<'subscription.started'>({
      type: 'subscription.started',
      refersTo: ({ modelId, campaignId, affiliateId, programId }) => [
        ...reference('account', modelId),
        ...reference('campaign', campaignId),
        ...reference('account', affiliateId),
        ...reference('program', programId),
      ],
      provides: ({ subscriptionId }) => [`subscription:${subscriptionId}`],
      apply: async (facts, now) => {
        const isDecided = (ids: string[]) => affiliates.commissions.approvedAmong(ids, now);
        const { refused, known } = await sales.recordSubscriptions(facts, isDecided);
        await affiliates.commissions.recompute(known, now);
        return refused;
      },
      follow: (facts, now) => orders.qualify(facts, now),
    }),
    handler<'subscription.attributed'>({
      type: 'subscription.attributed',
      refersTo: ({ subscriptionId, affiliateId, programId }) => [
        `subscription:${subscriptionId}`,
        `account:${affiliateId}`,
        ...reference('program', programId),
      ],
      provides: () => [],
      apply: async (facts, now) => {
        const refused = await sales.recordAttributions(facts);
        const good = facts.filter(({ eventId }) => !refused.has(eventId));
        await affiliates.commissions.recompute(
          good.map(({ data }) => data.subscriptionId),
          now,
        );
        return refused;
      },
    }),
    handler<'subscription.cancelled'>({
      type: 'subscription.cancelled',
      refersTo: ({ subscriptionId }) => [`subscription:${subscriptionId}`],
      provides: () => [],
      apply: async (facts, now) => {
        const refused = await sales.recordCancellations(facts);
        await affiliates.commissions.recompute(
          facts.map(({ data }) => data.subscriptionId),
          now,
        );
        return refused;
      },
    }),
    handler<'payment.succeeded'>({
      type: 'payment.succeeded',
      refersTo: ({ modelId, subscriptionId, campaignId }) => [
        ...reference('account', modelId),
        ...reference('subscription', subscriptionId),
        ...reference('campaign', campaignId),
      ],
      provides: ({ paymentId }) => [`payment:${paymentId}`],
      apply: async (facts, now) => {
        const refused = await sales.recordPayments(facts);
        const good = facts.filter(({ eventId }) => !refused.has(eventId));
        await invoicing.transactions.record(await paymentTransactions(good), now);
        await affiliates.commissions.recompute(good.flatMap(subscriptionCharged), now);
        return refused;
      },
    }),
    handler<'payment.refunded'>({
      type: 'payment.refunded',
      refersTo: ({ paymentId }) => [`payment:${paymentId}`],
      provides: () => [],
      apply: async (facts, now) => {
        const refused = await sales.recordRefunds(facts);
        const good = facts.filter(({ eventId }) => !refused.has(eventId));
        const notHeld = await refunds.settle(good, now);
        await affiliates.commissions.recomputeForPayments([...new Set(good.map(({ data }) => data.paymentId))], now);
        return new Map([...refused, ...notHeld]);
      },
    }),
    handler<'refund.requested'>({
      type: 'refund.requested',
      refersTo: ({ paymentId }) => [`payment:${paymentId}`],
      provides: ({ refundId }) => [`refundRequest:${refundId}`],
      apply: async (facts, now) => {
        const refused = await sales.recordRefundRequests(facts);
        await affiliates.commissions.recomputeForPayments([...new Set(facts.map(({ data }) => data.paymentId))], now);
        return refused;
      },
    }),
    handler<'refund.declined'>({
      type: 'refund.declined',
      refersTo: ({ refundId }) => [`refundRequest:${refundId}`],
      provides: () => [],
      apply: async (facts, now) => {
        const refused = await sales.recordRefundDeclines(facts);
        const paymentIds = await sales.paymentsAskedFor(facts.map(({ data }) => data.refundId));
        await affiliates.commissions.recomputeForPayments(paymentIds, now);
        return refused;
      },
    }),
    handler<'balance.topped_up'>({
      type: 'balance.topped_up',
      refersTo: ({ accountId }) => [`account:${accountId}`],
      requires: ({ accountId }) => [
        { key: `model:${accountId}`, reason: `${accountId} is no model, and only a model has a balance to top up` },
      ],
      provides: () => [],
      apply: async (facts, now) => {
        // Every increase tries what is unpaid for itself (rules 1.8): what a balance covers does not depend on the batch.
        for (const round of roundsOf(facts, ({ data }) => data.accountId)) {
          await ledger.append(round.map((fact) => topUpEntry(fact, now)));
          await debts.payAll(new Map(round.map(({ data }) => [data.accountId, data.topUpId])), now);
        }
        return NONE_REFUSED;
      },
    }),
    handler<'order.placed'>({
      type: 'order.placed',
      refersTo: ({ modelId, marketerId }) => [`account:${modelId}`, `account:${marketerId}`],
      requires: ({ modelId }) => [
        { key: `model:${modelId}`, reason: `${modelId} is no model, and only a model has a balance to order from` },
      ],
      provides: ({ orderId }) => [`order:${orderId}`],
      apply: (facts, now) => orders.place(facts, now),
    }),
    handler<'order.cancelled'>({
      type: 'order.cancelled',
      refersTo: ({ orderId }) => [`order:${orderId}`],
      provides: () => [],
      apply: async (facts) => {
        await orders.cancel(facts);
        return NONE_REFUSED;
      },
    }),
    handler<'order.guarantee_violated'>({
      type: 'order.guarantee_violated',
      refersTo: ({ orderId }) => [`order:${orderId}`],
      provides: () => [],
      apply: async (facts, now) => {
        await orders.violate(facts, now);
        return NONE_REFUSED;
      },
    }),
    handler<'payout.settled'>({
      type: 'payout.settled',
      refersTo: ({ payoutId }) => [`payout:${payoutId}`],
      provides: () => [],
      apply: (facts) => endPayouts('settle', facts),
    }),
    handler<'payout.failed'>({
      type: 'payout.failed',
      refersTo: ({ payoutId }) => [`payout:${payoutId}`],
      provides: () => [],
      apply: (facts) => endPayouts('fail', facts),
    }),
    handler<'payout.returned'>({
      type: 'payout.returned',
      // What is told before the payout is settled waits for that.
      refersTo: ({ payoutId }) => [`payout:${payoutId}`, `endedPayout:${payoutId}`],
      provides: () => [],
      apply: returnPayouts,
    }),
  ];

  /** Refused where the payout has ended otherwise: people have to compare it with the bank (rules 6.4). */
  async function endPayouts(
    action: 'settle' | 'fail',
    facts: Fact<'payout.settled' | 'payout.failed'>[],
  ): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    for (const { eventId, data } of facts) {
      const { payoutId, reference, at } = data;
      const by = { actor: 'platform', reference, reason: 'reason' in data ? data.reason : undefined, eventId };
      const outcome = await affiliates.payouts.act(payoutId, action, by, at);
      if (outcome.kind === 'refused') refused.set(eventId, `payout ${payoutId}: ${refusalWords(outcome.reason)}`);
    }
    return refused;
  }

  async function returnPayouts(facts: Fact<'payout.returned'>[]): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    for (const { eventId, data } of facts) {
      const { payoutId, reference, reason, at } = data;
      const outcome = await affiliates.returns.returnPayout(
        payoutId,
        { actor: 'platform', reference, reason, eventId },
        at,
      );
      if (outcome.kind === 'refused') refused.set(eventId, `payout ${payoutId}: ${refusalWords(outcome.reason)}`);
    }
    return refused;
  }

  /** The transactions of payments: those whose campaign, or else their subscription's, is known (rules 1.1). */
  async function paymentTransactions(facts: Fact<'payment.succeeded'>[]): Promise<TransactionFact[]> {
    const campaignOf = await sales.paymentCampaigns(facts.map(({ data }) => data));
    return facts.flatMap(({ data, arrivedAt }) => {
      const campaignId = campaignOf(data);
      if (campaignId === undefined) return [];
      const { paymentId, kind: type, amount, paidAt: occurredAt } = data;
      return [{ id: `payment:${paymentId}`, campaignId, type, amount, occurredAt, arrivedAt }];
    });
  }
}

/** The subscription of a payment that charges it (rules 5.3). */
function subscriptionCharged({ data: { subscriptionId, kind } }: Fact<'payment.succeeded'>): string[] {
  return subscriptionId === undefined || (kind !== 'subscription' && kind !== 'renewal') ? [] : [subscriptionId];
}

function reference(kind: string, id: string | undefined): string[] {
  return id === undefined ? [] : [`${kind}:${id}`];
}
