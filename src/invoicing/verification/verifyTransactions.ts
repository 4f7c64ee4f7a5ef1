import type { AppliedChecks } from '../../events/toldEvent.ts';
import { differingFields, wordOf } from '../../events/verifyFacts.ts';
import type { Calendar, WeekId } from '../../kernel/calendar.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import type { Sales } from '../../sales/sales.ts';
import type { BillingWeeks } from '../billingWeeks.ts';
import { type Campaign, type CampaignVersion, versionAt } from '../campaign.ts';
import { hasOneModel } from '../refundTerms.ts';
import type { InvoicingStore, StoredTransaction } from '../store.ts';

const BATCH = 500;

/** What a transaction follows from: a payment, or a refund that holds; null where there is none. */
type Cause = Pick<StoredTransaction, 'campaignId' | 'type' | 'amount' | 'occurredAt'>;

export type SalesReading = Pick<Sales, 'payments' | 'paymentCampaigns' | 'refundsWithVerdicts' | 'paymentsOfRefunds'>;

/**
 * Compares transactions with the payments and refunds that they are, and with their campaigns' versions, in both
 * directions (rules 1.1-1.3): each is of a payment, at terms that its campaign had, in a week that will bill it.
 */
export function createTransactionVerification(deps: {
  store: Pick<InvoicingStore, 'transactions' | 'campaigns'>;
  sales: SalesReading;
  billingWeeks: Pick<BillingWeeks, 'through' | 'openWeek'>;
  calendar: Pick<Calendar, 'weekOf' | 'nextWeek'>;
}) {
  const { store, sales, billingWeeks, calendar } = deps;

  /** A line for each transaction that follows from nothing, or otherwise. */
  async function facts(now: Date): Promise<string[]> {
    const begun = await billingWeeks.through();
    // A clock that was set back leaves a week of room.
    const last = calendar.nextWeek(billingWeeks.openWeek(now, begun));
    return linesOnAll(
      store.transactions.find({}),
      BATCH,
      ({ _id }) => `transactions/${_id}`,
      async (batch) => {
        const causes = await causesOf(batch.map(({ _id }) => _id));
        const campaigns = await campaignsOf(batch.map(({ campaignId }) => campaignId));
        return batch.flatMap((transaction) => [
          ...causeDifferences(transaction, causes.get(transaction._id)),
          ...termDifferences(transaction, campaigns.get(transaction.campaignId), begun),
          ...weekDifferences(transaction, last),
        ]);
      },
    );
  }

  /** What each of these transactions is, by the sales; a refund that does not hold is none. */
  async function causesOf(ids: string[]): Promise<Map<string, Cause>> {
    const refundIds = ids.filter(isRefund).map(idOf);
    const paymentsOfRefunds = await sales.paymentsOfRefunds(refundIds);
    const refunded = [...new Set([...paymentsOfRefunds.values()].map(({ paymentId }) => paymentId))];
    const verdicts = await sales.refundsWithVerdicts(refunded);
    const payments = await sales.payments([...ids.filter((id) => !isRefund(id)).map(idOf), ...refunded]);
    const campaignOf = await sales.paymentCampaigns([...payments.values()]);
    const causes = new Map<string, Cause>();
    for (const [paymentId, payment] of payments) {
      const { kind: type, amount, paidAt: occurredAt } = payment;
      const campaignId = campaignOf(payment);
      if (campaignId !== undefined) causes.set(`payment:${paymentId}`, { campaignId, type, amount, occurredAt });
    }
    for (const { refund, verdict } of verdicts) {
      const campaignId = causes.get(`payment:${refund.paymentId}`)?.campaignId;
      if (campaignId === undefined || verdict.kind === 'refused') continue;
      const { amount, refundedAt: occurredAt } = refund;
      causes.set(`refund:${refund._id}`, { campaignId, type: 'refund', amount: -amount, occurredAt });
    }
    return causes;
  }

  async function campaignsOf(ids: string[]): Promise<Map<string, Campaign>> {
    const found = await store.campaigns.find({ _id: { $in: [...new Set(ids)] } }).toArray();
    return new Map(found.map(({ _id, ...rest }) => [_id, { campaignId: _id, ...rest }]));
  }

  /** The payments and refunds of RevShare campaigns that are no transactions. */
  async function missing(wanted: { eventId: string; id: string }[]): Promise<string[]> {
    const causes = await causesOf(wanted.map(({ id }) => id));
    const campaigns = await campaignsOf([...causes.values()].map(({ campaignId }) => campaignId));
    const found = store.transactions.find({ _id: { $in: wanted.map(({ id }) => id) } }, { projection: { _id: 1 } });
    const there = new Set((await found.toArray()).map(({ _id }) => _id));
    return wanted.flatMap(({ eventId, id }) => {
      const cause = causes.get(id);
      if (cause === undefined || there.has(id) || !campaigns.has(cause.campaignId)) return [];
      return [
        `transactions/${id} is missing: event ${eventId} was applied, and tells of ${cause.amount} for ${cause.campaignId}`,
      ];
    });
  }

  const applied: AppliedChecks = {
    'payment.succeeded': (events) =>
      missing(events.map(({ eventId, data }) => ({ eventId, id: `payment:${data.paymentId}` }))),
    'payment.refunded': (events) =>
      missing(events.map(({ eventId, data }) => ({ eventId, id: `refund:${data.refundId}` }))),
  };

  function weekDifferences({ _id, billingWeek, occurredAt }: StoredTransaction, last: WeekId): string[] {
    // It is being taken back.
    if (billingWeek === undefined) return [];
    const own = calendar.weekOf(occurredAt);
    if (billingWeek >= own && (billingWeek <= last || billingWeek === own)) return [];
    return [`transactions/${_id}: billingWeek is ${billingWeek}, and it occurred in ${own}`];
  }

  return { facts, applied };
}

function causeDifferences(transaction: StoredTransaction, cause: Cause | undefined): string[] {
  const { _id, campaignId, type, amount, occurredAt, state } = transaction;
  const where = `transactions/${_id}`;
  if (cause === undefined) {
    // A refund that turned out not to hold is being taken back.
    if (state === 'withdrawing') return [];
    return [`${where}: its amount is ${amount}, and no payment or refund that holds stands behind it`];
  }
  return differingFields({ campaignId, type, amount, occurredAt }, cause).map(
    ([field, is, should]) => `${where}: ${field} is ${is}, and its payment or refund says ${should}`,
  );
}

/** Its terms are those of a version of its campaign and, until it is billed, of the one in force. */
function termDifferences(transaction: StoredTransaction, campaign: Campaign | undefined, begun: WeekId): string[] {
  const { _id, campaignId, occurredAt, revision, billingWeek } = transaction;
  const where = `transactions/${_id}`;
  if (campaign === undefined) return [`${where}: campaign ${campaignId} is not known`];
  const { modelId, contractorId, rateBps } = transaction;
  const terms = { modelId, contractorId, rateBps };
  const isOpen = billingWeek !== undefined && billingWeek > begun && revision === campaign.revision;
  // With several models, whose a transaction is does not follow from its date alone.
  if (isOpen && hasOneModel(campaign)) {
    const inForce = termsOf(versionAt(campaign, occurredAt));
    return differingFields(terms, inForce).map(
      ([field, is, should]) => `${where}: ${field} is ${is}, and its campaign says ${should}`,
    );
  }
  if (campaign.versions.some((version) => differingFields(terms, termsOf(version)).length === 0)) return [];
  return [`${where}: no version of campaign ${campaignId} has its terms, ${wordOf(terms)}`];
}

function termsOf({ modelId, contractorId, rateBps }: CampaignVersion) {
  return { modelId, contractorId, rateBps };
}

function isRefund(id: string): boolean {
  return id.startsWith('refund:');
}

function idOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
