import type { Connection, mongo } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { updateEvery } from '../database/everyDocument.ts';
import type { Fact } from '../events/handler.ts';
import type { Policy } from '../policy.ts';
import { writtenNow } from '../seals/source.ts';
import { createHistories } from './histories.ts';
import { recordFacts } from './recordFacts.ts';
import { type RefundVerdict, refundVerdicts } from './refund.ts';
import { sealedSales } from './sealed.ts';
import { createSalesStore, type StoredPayment, type StoredRefund, type StoredSubscription } from './store.ts';
import { createSubscriptionFacts } from './subscriptionFacts.ts';
import { createSalesVerification } from './verify.ts';

/** What a subscription says about whether a fan is new to a model's page. */
export type FanSubscription = {
  subscriptionId: string;
  fanId: string;
  startedAt: Date;
  modelId: string | null;
  campaignId: string | null;
};

type PaymentCampaign = { campaignId?: string | undefined; subscriptionId?: string | undefined };

export type Sales = ReturnType<typeof createSales>;

/** The facts of what fans bought: subscriptions, cancellations, payments and refunds, each once, by the sender's id. */
export function createSales(deps: { connection: Connection; policy: Pick<Policy['commissions'], 'trialDays'> }) {
  const store = createSalesStore(deps.connection);

  /** Keeps cancellations. Answers those whose id is taken by another content, by event id (all `record…` do). */
  function recordCancellations(facts: Fact<'subscription.cancelled'>[]): Promise<Map<string, string>> {
    return recordFacts(store.cancellations, 'cancellation of', facts, ({ subscriptionId, cancelledAt }) => [
      subscriptionId,
      { cancelledAt },
    ]);
  }

  /**
   * Keeps who brought subscriptions that were told without an affiliate, or with the same one. The first that is known holds, as
   * commissions may be built on it.
   */
  async function recordAttributions(facts: Fact<'subscription.attributed'>[]): Promise<Map<string, string>> {
    const told = await subscriptions(facts.map(({ data }) => data.subscriptionId));
    const refused = new Map<string, string>();
    for (const { eventId, data } of facts) {
      const own = told.get(data.subscriptionId)?.affiliateId;
      if (own !== undefined && own !== data.affiliateId) {
        refused.set(eventId, `subscription ${data.subscriptionId} was told before, with affiliate ${own}`);
      }
    }
    const good = facts.filter(({ eventId }) => !refused.has(eventId));
    const others = await recordFacts(
      store.attributions,
      'who brought subscription',
      good,
      ({ subscriptionId, ...rest }) => [subscriptionId, rest],
    );
    return new Map([...refused, ...others]);
  }

  function recordPayments(facts: Fact<'payment.succeeded'>[]): Promise<Map<string, string>> {
    return recordFacts(store.payments, 'payment', facts, ({ paymentId, ...rest }) => [paymentId, rest]);
  }

  function recordRefunds(facts: Fact<'payment.refunded'>[]): Promise<Map<string, string>> {
    return recordFacts(store.refunds, 'refund', facts, ({ refundId, ...rest }) => [refundId, rest]);
  }

  /** Keeps what refunds were asked for; one that is dated before its payment cannot be right (rules 5.8). */
  async function recordRefundRequests(facts: Fact<'refund.requested'>[]): Promise<Map<string, string>> {
    const paid = await payments(facts.map(({ data }) => data.paymentId));
    const isEarly = ({ data }: Fact<'refund.requested'>) =>
      data.requestedAt < (paid.get(data.paymentId)?.paidAt ?? data.requestedAt);
    const good = facts.filter((fact) => !isEarly(fact));
    const refused = await recordFacts(store.refundRequests, 'the request of refund', good, ({ refundId, ...rest }) => [
      refundId,
      rest,
    ]);
    for (const { eventId } of facts.filter(isEarly)) {
      refused.set(eventId, 'the refund was asked for before its payment');
    }
    return refused;
  }

  /** Keeps which of them were declined. */
  async function recordRefundDeclines(facts: Fact<'refund.declined'>[]): Promise<Map<string, string>> {
    const asked = await store.refundRequests.find({ _id: { $in: facts.map(({ data }) => data.refundId) } }).toArray();
    const requestedAt = new Map(asked.map((request) => [request._id, request.requestedAt]));
    const isEarly = ({ data }: Fact<'refund.declined'>) =>
      data.declinedAt < (requestedAt.get(data.refundId) ?? data.declinedAt);
    const good = facts.filter((fact) => !isEarly(fact));
    const refused = await recordFacts(store.refundDeclines, 'the decline of refund', good, ({ refundId, ...rest }) => [
      refundId,
      rest,
    ]);
    for (const { eventId } of facts.filter(isEarly)) {
      refused.set(eventId, 'the refund was declined before it was asked for');
    }
    return refused;
  }

  /** The payments that these refunds were asked for of. */
  async function paymentsAskedFor(refundIds: string[]): Promise<string[]> {
    return store.refundRequests.distinct('paymentId', { _id: { $in: refundIds } });
  }

  /** Records versions of programs, all of them, by their events. */
  async function recordPrograms(facts: Fact<'program.updated'>[]): Promise<void> {
    await insertIgnoringDuplicates(
      store.programs,
      facts.map(({ eventId, timestamp, arrivedAt, data }) => ({
        _id: eventId,
        timestamp,
        arrivedAt,
        ...data,
        ...writtenNow(),
      })),
    );
  }

  /** Which of these programs are known; `default` always is (docs/events.md). */
  async function existingPrograms(ids: string[]): Promise<Set<string>> {
    const told = await store.programs.distinct('programId', { programId: { $in: ids } });
    return new Set([...told, ...ids.filter((id) => id === 'default')]);
  }

  /** The campaign of each subscription that has one. */
  async function subscriptionCampaigns(subscriptionIds: string[]): Promise<Map<string, string>> {
    const found = await store.subscriptions
      .find({ _id: { $in: subscriptionIds } }, { projection: { campaignId: 1 } })
      .toArray();
    return new Map(found.flatMap(({ _id, campaignId }) => (campaignId === undefined ? [] : [[_id, campaignId]])));
  }

  /** The campaign of payments: a payment's own, or else its subscription's (rules 1.1). */
  async function paymentCampaigns(list: PaymentCampaign[]) {
    const indirect = list.filter(({ campaignId }) => campaignId === undefined);
    const ids = indirect.flatMap(({ subscriptionId }) => subscriptionId ?? []);
    const known = ids.length === 0 ? new Map<string, string>() : await subscriptionCampaigns(ids);
    return ({ campaignId, subscriptionId }: PaymentCampaign): string | undefined =>
      campaignId ?? (subscriptionId === undefined ? undefined : known.get(subscriptionId));
  }

  /**
   * Every subscription of these fans that is, or could be, to one of these models, whenever it came: one that names its
   * model, or names none and then is to its campaign's. Fans who have no more than one at all are left out.
   */
  async function subscriptionsOfFans(fanIds: string[], modelIds: string[]): Promise<FanSubscription[]> {
    // Most fans come once, and the index alone shows it.
    const several = await store.subscriptions
      .aggregate<{ _id: string }>([
        { $match: { fanId: { $in: [...new Set(fanIds)] } } },
        { $group: { _id: '$fanId', count: { $sum: 1 } } },
        { $match: { count: { $gt: 1 } } },
      ])
      .toArray();
    if (several.length === 0) return [];
    const found = await store.subscriptions
      .find(
        // A null finds those without a model.
        {
          fanId: { $in: several.map(({ _id }) => _id) },
          modelId: { $in: [...new Set<string | null>([...modelIds, null])] as string[] },
        },
        { projection: { fanId: 1, modelId: 1, campaignId: 1, startedAt: 1 } },
      )
      .toArray();
    return found.map(({ _id, fanId, modelId, campaignId, startedAt }) => ({
      ...{ subscriptionId: _id, fanId, startedAt, modelId: modelId ?? null, campaignId: campaignId ?? null },
    }));
  }

  /** Those of these subscriptions that are known, by id. */
  async function subscriptions(ids: string[]): Promise<Map<string, StoredSubscription>> {
    const found = await store.subscriptions.find({ _id: { $in: ids } }).toArray();
    return new Map(found.map((subscription) => [subscription._id, subscription]));
  }

  async function payments(ids: string[]): Promise<Map<string, StoredPayment>> {
    const found = await store.payments.find({ _id: { $in: ids } }).toArray();
    return new Map(found.map((payment) => [payment._id, payment]));
  }

  /** All refunds of some payments, each with its verdict. */
  async function refundsWithVerdicts(
    paymentIds: string[],
  ): Promise<{ refund: StoredRefund; verdict: RefundVerdict }[]> {
    const known = await payments(paymentIds);
    const refunds = await store.refunds.find({ paymentId: { $in: paymentIds } }).toArray();
    return [...known.values()].flatMap((payment) => {
      const mine = refunds.filter(({ paymentId }) => paymentId === payment._id);
      const verdicts = refundVerdicts(
        payment,
        mine.map((refund) => ({ ...refund, refundId: refund._id, final: refund.final === true })),
      );
      return mine.map((refund) => ({ refund, verdict: verdicts.get(refund._id) ?? { kind: 'accepted' } }));
    });
  }

  /** The payments that these refunds are of, by the ids of the refunds. */
  async function paymentsOfRefunds(refundIds: string[]): Promise<Map<string, { paymentId: string; paidAt: Date }>> {
    const refunds = await store.refunds.find({ _id: { $in: refundIds } }, { projection: { paymentId: 1 } }).toArray();
    const known = await payments([...new Set(refunds.map(({ paymentId }) => paymentId))]);
    return new Map(
      refunds.flatMap(({ _id, paymentId }) => {
        const paidAt = known.get(paymentId)?.paidAt;
        return paidAt === undefined ? [] : [[_id, { paymentId, paidAt }] as const];
      }),
    );
  }

  /** A decision was built on these refunds: they hold for ever. */
  async function makeFinal(refundIds: string[]): Promise<void> {
    await updateEvery(store.refunds, { _id: { $in: refundIds }, final: { $exists: false } }, { $set: { final: true } });
  }

  async function existing(
    collection: 'subscriptions' | 'payments' | 'refundRequests',
    ids: string[],
  ): Promise<Set<string>> {
    // All these collections have string ids; the union of their types has no common `find`.
    const found = await (store[collection] as unknown as mongo.Collection<{ _id: string }>)
      .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  return {
    sealed: sealedSales(store),
    recordAttributions,
    recordCancellations,
    recordPayments,
    recordRefunds,
    recordRefundRequests,
    recordRefundDeclines,
    paymentsAskedFor,
    recordPrograms,
    existingPrograms,
    paymentCampaigns,
    subscriptionsOfFans,
    payments,
    subscriptions,
    refundsWithVerdicts,
    paymentsOfRefunds,
    makeFinal,
    existing,
    ...createSubscriptionFacts(store, deps.policy),
    ...createHistories(store),
    verification: createSalesVerification(store),
  };
}
