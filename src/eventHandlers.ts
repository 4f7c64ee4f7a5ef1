import type { Accounts } from './accounts/accounts.ts';
import type { Affiliates } from './affiliates/affiliates.ts';
import type { Debts } from './debts/debts.ts';
import type { DataOf } from './events/catalogue.ts';
import { type AnyHandler, type Fact, handler, NONE_REFUSED, type Revision } from './events/handler.ts';
import type { Revshare } from './invoicing/invoicing.ts';
import type { TransactionFact } from './invoicing/transactions.ts';
import { refusalWords } from './kernel/refusals.ts';
import type { EntryDraft } from './ledger/entry.ts';
import type { Ledger } from './ledger/journal.ts';
import type { Orders } from './orders/orders.ts';
import type { Sales } from './sales/sales.ts';

type QualifiedFans = Awaited<ReturnType<Sales['judgedRefunds']>>;

/**
 * What each type of event does, in the order in which types refer to each other: within one batch an account is known
 * before the campaign that names it.
 */
export function createHandlers(deps: {
  accounts: Accounts;
  ledger: Ledger;
  sales: Sales;
  revshare: Pick<Revshare, 'transactions'>;
  orders: Orders;
  affiliates: Affiliates;
  debts: Debts;
  /** Corrects what was said of events before another one came. */
  revise: (revision: Revision) => Promise<void>;
}): AnyHandler[] {
  const { accounts, ledger, sales, revshare, orders, affiliates, debts } = deps;

  return [
    handler<'account.updated'>({
      type: 'account.updated',
      refersTo: () => [],
      provides: ({ accountId }) => [`account:${accountId}`],
      apply: async (facts, now) => {
        await accounts.applyUpdates(facts);
        const marketers = facts.filter(({ data }) => data.role === 'marketer').map(({ data }) => data.accountId);
        if (marketers.length > 0) await orders.capacityChanged(marketers, now);
        return NONE_REFUSED;
      },
    }),
    handler<'campaign.updated'>({
      type: 'campaign.updated',
      refersTo: ({ modelId, contractorId }) => [`account:${modelId}`, `account:${contractorId}`],
      provides: ({ campaignId }) => [`campaign:${campaignId}`],
      apply: async (facts) => {
        const taken = await orders.existingCampaigns(facts.map(({ data }) => data.campaignId));
        const refused = facts.filter(({ data }) => taken.has(data.campaignId));
        const good = facts.filter(({ data }) => !taken.has(data.campaignId));
        if (good.length > 0) await revshare.transactions.updateCampaigns(good);
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
      apply: (facts) => sales.recordSubscriptions(facts),
      follow: (facts, now) => orders.qualify(facts, now),
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
        await revshare.transactions.record(await paymentTransactions(good), now);
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
        const notHeld = await applyRefunds(good, now);
        await affiliates.commissions.recomputeForPayments([...new Set(good.map(({ data }) => data.paymentId))], now);
        return new Map([...refused, ...notHeld]);
      },
    }),
    handler<'balance.topped_up'>({
      type: 'balance.topped_up',
      refersTo: ({ accountId }) => [`account:${accountId}`],
      provides: () => [],
      apply: async (facts, now) => {
        const known = await accounts.getMany(facts.map(({ data }) => data.accountId));
        const roleOf = (accountId: string) => known.get(accountId)?.role ?? 'model';
        for (const round of oneByOne(facts)) {
          await ledger.append(round.map(({ data }) => topUpEntry(data, roleOf(data.accountId), now)));
          await debts.payAll(new Map(round.map(({ data }) => [data.accountId, data.topUpId])), now);
        }
        return NONE_REFUSED;
      },
    }),
    handler<'order.placed'>({
      type: 'order.placed',
      refersTo: ({ modelId, marketerId }) => [`account:${modelId}`, `account:${marketerId}`],
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
  ];

  /** What the bank did is refused where the payout has ended otherwise: people have to look at that (rules 6.4). */
  async function endPayouts(
    action: 'settle' | 'fail',
    facts: Fact<'payout.settled' | 'payout.failed'>[],
  ): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    for (const { eventId, data } of facts) {
      const { payoutId, reference, at } = data;
      const by = { actor: 'platform', reference, reason: 'reason' in data ? data.reason : undefined };
      const outcome = await affiliates.payouts.act(payoutId, action, by, at);
      if (outcome.kind === 'refused') refused.set(eventId, `payout ${payoutId}: ${refusalWords(outcome.reason)}`);
    }
    return refused;
  }

  /** The transactions of payments: those whose campaign, or else their subscription's, is known (rules 1.1). */
  async function paymentTransactions(facts: Fact<'payment.succeeded'>[]): Promise<TransactionFact[]> {
    const campaignOf = await campaignsOf(facts.map(({ data }) => data));
    return facts.flatMap(({ data, arrivedAt }) => {
      const campaignId = campaignOf(data);
      if (campaignId === undefined) return [];
      const { paymentId, kind: type, amount, paidAt: occurredAt } = data;
      return [{ id: `payment:${paymentId}`, campaignId, type, amount, occurredAt, arrivedAt }];
    });
  }

  async function campaignsOf(payments: PaymentCampaign[]) {
    const indirect = payments.filter(({ campaignId }) => campaignId === undefined);
    const subscriptionIds = indirect.flatMap(({ subscriptionId }) => subscriptionId ?? []);
    const known = subscriptionIds.length === 0 ? new Map() : await sales.campaignsOf(subscriptionIds);
    return ({ campaignId, subscriptionId }: PaymentCampaign): string | undefined =>
      campaignId ?? (subscriptionId === undefined ? undefined : known.get(subscriptionId));
  }

  /**
   * Books the refunds that hold and takes back those that no longer do, payment by payment (rules 5.8). Looks again
   * until nothing changes: another process may have recorded a refund of the same payment meanwhile.
   */
  async function applyRefunds(facts: Fact<'payment.refunded'>[], now: Date): Promise<Map<string, string>> {
    const paymentIds = [...new Set(facts.map(({ data }) => data.paymentId))];
    const arrivals = new Map(facts.map(({ data, arrivedAt }) => [data.refundId, arrivedAt]));
    for (let before = ''; ; ) {
      const qualified = await sales.judgedRefunds(paymentIds);
      const shape = JSON.stringify(qualified.map(({ refund, verdict }) => [refund._id, verdict.kind, refund.final]));
      if (shape === before) return refusedOf(facts, qualified);
      before = shape;
      const payments = await sales.payments(paymentIds);
      const campaignOf = await campaignsOf([...payments.values()]);
      const accepted = qualified.flatMap(({ refund, verdict }) => {
        const payment = payments.get(refund.paymentId);
        const campaignId = payment === undefined ? undefined : campaignOf(payment);
        if (verdict.kind === 'refused' || campaignId === undefined) return [];
        const { amount, refundedAt: occurredAt } = refund;
        const arrivedAt = arrivals.get(refund._id) ?? now;
        return [
          { id: `refund:${refund._id}`, campaignId, type: 'refund' as const, amount: -amount, occurredAt, arrivedAt },
        ];
      });
      const billed: string[] = [];
      for (const { refund, verdict } of qualified) {
        if (verdict.kind === 'accepted') continue;
        const outcome = await revshare.transactions.withdraw(`refund:${refund._id}`, now);
        if (outcome === 'billed') billed.push(refund._id);
      }
      if (billed.length > 0) await sales.makeFinal(billed);
      await revshare.transactions.record(accepted, now);
      await reviseOthers(facts, qualified);
    }
  }

  /** Refunds that were decided on before, of the same payments, may be decided otherwise now. */
  async function reviseOthers(facts: Fact<'payment.refunded'>[], qualified: QualifiedFans): Promise<void> {
    const inHand = new Set(facts.map(({ eventId }) => eventId));
    const refused = new Map<string, string>();
    const holding: string[] = [];
    for (const { refund, verdict } of qualified.filter(({ refund: { eventId } }) => !inHand.has(eventId))) {
      if (verdict.kind === 'refused') refused.set(refund.eventId, verdict.reason);
      else holding.push(refund.eventId);
    }
    await deps.revise({ refused, holding });
  }

  function refusedOf(facts: Fact<'payment.refunded'>[], qualified: QualifiedFans): Map<string, string> {
    const verdicts = new Map(qualified.map(({ refund, verdict }) => [refund._id, verdict]));
    return new Map(
      facts.flatMap(({ eventId, data }) => {
        const verdict = verdicts.get(data.refundId);
        return verdict?.kind === 'refused' ? [[eventId, verdict.reason] as const] : [];
      }),
    );
  }
}

type PaymentCampaign = { campaignId?: string | undefined; subscriptionId?: string | undefined };

/** The subscription of a payment that charges it (rules 5.3). */
function subscriptionCharged({ data: { subscriptionId, kind } }: Fact<'payment.succeeded'>): string[] {
  return subscriptionId === undefined || (kind !== 'subscription' && kind !== 'renewal') ? [] : [subscriptionId];
}

function reference(kind: string, id: string | undefined): string[] {
  return id === undefined ? [] : [`${kind}:${id}`];
}

/**
 * Top-ups in rounds, with one of each account at most: every increase tries what is unpaid for itself (rules 1.8), so
 * that it does not depend on the batch what a balance covers.
 */
function oneByOne(facts: Fact<'balance.topped_up'>[]): Fact<'balance.topped_up'>[][] {
  const counts = new Map<string, number>();
  const rounds: Fact<'balance.topped_up'>[][] = [];
  for (const fact of facts) {
    const { accountId } = fact.data;
    const round = counts.get(accountId) ?? 0;
    counts.set(accountId, round + 1);
    const inRound = rounds[round] ?? [];
    inRound.push(fact);
    rounds[round] = inRound;
  }
  return rounds;
}

/** Money that came in counts from its arrival, at the service's clock (rules 0). */
function topUpEntry({ topUpId, accountId, amount }: DataOf<'balance.topped_up'>, role: string, now: Date): EntryDraft {
  return {
    entryId: `topup:${topUpId}`,
    book: `${role}:${accountId}`,
    postings: [
      { account: 'world:topups', amount: -amount },
      { account: `${role}:${accountId}`, amount },
    ],
    effectiveAt: now,
  };
}
