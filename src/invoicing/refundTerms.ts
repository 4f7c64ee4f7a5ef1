import type { Campaign, CampaignVersion } from './campaign.ts';
import { versionAt, versionOfModelAt } from './campaign.ts';
import type { InvoicingStore } from './store.ts';

/** The payments that refunds are of, by the ids of the refunds. */
export type PaymentsOfRefunds = (refundIds: string[]) => Promise<Map<string, { paymentId: string; paidAt: Date }>>;

type RefundTransaction = { _id: string; occurredAt: Date };

export type RefundTerms = ReturnType<typeof createRefundTerms>;

/**
 * By which version of its campaign a refund is priced (rules 1.1, 1.3). It belongs to the model whose transaction its
 * payment is, whoever has the campaign when it is refunded; contractor and rate are those in force then, or those that
 * the model had last where the campaign has gone to another.
 */
export function createRefundTerms(deps: {
  store: Pick<InvoicingStore, 'transactions'>;
  paymentsOfRefunds: PaymentsOfRefunds;
}) {
  /** The version for each of these refunds of a campaign, by id. */
  async function versionsOf(campaign: Campaign, refunds: RefundTransaction[]): Promise<Map<string, CampaignVersion>> {
    const owners = hasOneModel(campaign) ? new Map<string, string>() : await ownersOf(campaign, refunds);
    return new Map(
      refunds.map(({ _id, occurredAt }) => {
        const modelId = owners.get(_id);
        const version =
          modelId === undefined ? versionAt(campaign, occurredAt) : versionOfModelAt(campaign, modelId, occurredAt);
        return [_id, version];
      }),
    );
  }

  async function ownersOf(campaign: Campaign, refunds: RefundTransaction[]): Promise<Map<string, string>> {
    const payments = await deps.paymentsOfRefunds(refunds.map(({ _id }) => refundIdOf(_id)));
    const ids = [...payments.values()].map(({ paymentId }) => `payment:${paymentId}`);
    const found = await deps.store.transactions.find({ _id: { $in: ids } }, { projection: { modelId: 1 } }).toArray();
    const models = new Map(found.map(({ _id, modelId }) => [_id, modelId]));
    const owners = new Map<string, string>();
    for (const { _id } of refunds) {
      const payment = payments.get(refundIdOf(_id));
      if (payment === undefined) continue;
      // A payment that another process is recording at this moment is priced by the same versions.
      const modelId = models.get(`payment:${payment.paymentId}`) ?? versionAt(campaign, payment.paidAt).modelId;
      owners.set(_id, modelId);
    }
    return owners;
  }

  return { versionsOf };
}

/** Whether the campaign was one model's all along, so that nothing of it can belong to another. */
export function hasOneModel({ versions }: Pick<Campaign, 'versions'>): boolean {
  return new Set(versions.map(({ modelId }) => modelId)).size === 1;
}

function refundIdOf(transactionId: string): string {
  return transactionId.slice('refund:'.length);
}
