import type { mongo } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { updateEvery } from '../database/everyDocument.ts';

import type { PaymentKind } from '../events/catalogue.ts';
import type { Fact } from '../events/handler.ts';
import type { Calendar, WeekId } from '../kernel/calendar.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import { groupBy, inBatches } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import { type Campaign, type CampaignVersion, versionAt, versionOfModelAt, versionsInForce } from './campaign.ts';
import type { CampaignNames } from './campaignNames.ts';
import { createRefundTerms, hasOneModel, type PaymentsOfRefunds } from './refundTerms.ts';
import type { InvoicingStore, StoredTransaction } from './store.ts';

/** A payment or refund, before it is known what it costs whom. `id` is `payment:{id}` or `refund:{id}`. */
export type TransactionFact = {
  id: string;
  campaignId: string;
  type: PaymentKind | 'refund';
  amount: MinorUnits;
  occurredAt: Date;
  /** The service's clock when it became known; absent: now. */
  arrivedAt?: Date;
};

const REFUND_BATCH = 500;

type VersionFact = Omit<Fact<'campaign.updated'>, 'arrivedAt'>;

export type Transactions = ReturnType<typeof createTransactions>;

/** Campaigns and their transactions (rules 1.1-1.3), assigned to the week whose invoice takes them. */
export function createTransactions(deps: {
  store: InvoicingStore;
  billingWeeks: BillingWeeks;
  calendar: Calendar;
  paymentsOfRefunds: PaymentsOfRefunds;
  campaignNames: Pick<CampaignNames, 'concealed'>;
}) {
  const { store, billingWeeks, calendar } = deps;
  const refundTerms = createRefundTerms(deps);

  /**
   * Takes in campaign versions, in any order and however often. Transactions that no invoice took yet get the
   * contractor, rate and model of the version that is in force for them now.
   */
  async function updateCampaigns(facts: VersionFact[]): Promise<void> {
    const versions = await deps.campaignNames.concealed(facts.map(versionOf));
    try {
      await store.campaigns.bulkWrite(versions.map(addVersion), { ordered: false });
    } catch (error) {
      // A version that is there makes the filter miss, and the upsert meets the campaign's key. So does a lost race
      // between two first versions, which the second try decides.
      if (!isDuplicateKey(error)) throw error;
      await store.campaigns.bulkWrite(
        versions.map((version) => ({ updateOne: { ...addVersion(version).updateOne, upsert: false } })),
        { ordered: false },
      );
    }
    await applyVersions([...new Set(facts.map(({ data }) => data.campaignId))]);
  }

  /** Brings the unbilled transactions of some campaigns to the versions that are known now. */
  async function applyVersions(campaignIds: string[]): Promise<void> {
    const begun = await billingWeeks.through();
    const touched = await store.transactions.distinct('campaignId', {
      campaignId: { $in: campaignIds },
      billingWeek: { $gt: begun },
    });
    for (const campaign of (await campaigns(touched)).values()) {
      // Only another model would put a transaction on another invoice: that must not meet an invoicing run.
      if (hasOneModel(campaign)) await reprice(campaign, { billingWeek: { $gt: begun } });
      else {
        await billingWeeks.exclusively(async () =>
          reprice(campaign, { billingWeek: { $gt: await billingWeeks.through() } }),
        );
      }
    }
  }

  /**
   * The same for a week whose invoices are being issued, by the run that issues them, for models that have none yet. A
   * version of another model comes too late for this week: the invoice of either model may be issued already, and what
   * was moved between them would be billed twice or never.
   */
  async function repriceWeek(campaignIds: string[], week: WeekId, modelIds: string[]): Promise<void> {
    const unbilled = { billingWeek: week, modelId: { $in: modelIds } };
    for (const campaign of (await campaigns(campaignIds)).values()) await reprice(campaign, unbilled, 'keep-model');
  }

  /** Knowledge only grows: what was priced at this revision or a later one is left alone. */
  async function reprice(
    campaign: Campaign,
    which: mongo.Filter<StoredTransaction>,
    keepModel?: 'keep-model',
  ): Promise<void> {
    const versions = versionsInForce(campaign);
    // With several models, whose a refund is does not follow from its date.
    const isByDate = hasOneModel(campaign);
    for (const [index, version] of versions.entries()) {
      await updateEvery(
        store.transactions,
        {
          ...which,
          campaignId: campaign.campaignId,
          revision: { $lt: campaign.revision },
          ...(isByDate ? {} : { type: { $ne: 'refund' } }),
          ...occurredWithin(index === 0 ? undefined : version.timestamp, versions[index + 1]?.timestamp),
        },
        [{ $set: { ...(keepModel ? termsForModel(version) : termsOf(version)), revision: campaign.revision } }],
      );
    }
    if (!isByDate) await repriceRefunds(campaign, which, keepModel);
  }

  /** After their payments, whose models they have. A payment can change its model without any news of the campaign. */
  async function repriceRefunds(
    campaign: Campaign,
    which: mongo.Filter<StoredTransaction>,
    keepModel?: 'keep-model',
  ): Promise<void> {
    const { campaignId, revision } = campaign;
    const these = { ...which, campaignId, type: 'refund' as const, revision: { $lte: revision } };
    for await (const refunds of inBatches(store.transactions.find(these), REFUND_BATCH)) {
      const priced = await refundTerms.versionsOf(campaign, refunds);
      await store.transactions.bulkWrite(
        refunds.map(({ _id, occurredAt, modelId }) => {
          const version = keepModel ? versionOfModelAt(campaign, modelId, occurredAt) : priced.get(_id);
          const terms = version === undefined || (keepModel && version.modelId !== modelId) ? {} : termsOf(version);
          return { updateOne: { filter: { ...these, _id }, update: { $set: { ...terms, revision } } } };
        }),
        { ordered: false },
      );
    }
  }

  /** Records transactions of RevShare campaigns; those of other campaigns are none. Idempotent by id. */
  async function record(facts: TransactionFact[], now: Date): Promise<void> {
    if (facts.length === 0) return;
    const known = await campaigns(facts.map(({ campaignId }) => campaignId));
    const begun = await billingWeeks.through();
    const openWeek = openWeeks(facts, now, begun);
    const refundVersions = await refundVersionsOf(facts, known);
    const booked = facts.flatMap((fact) => {
      const campaign = known.get(fact.campaignId);
      if (campaign === undefined) return [];
      const version = refundVersions.get(fact.id) ?? versionAt(campaign, fact.occurredAt);
      return [transactionOf(fact, campaign, version, openWeek(fact), calendar)];
    });
    if (booked.length === 0) return;
    const again = await insertNew(booked);
    // A week may have begun, or a campaign have changed, between the look and the insert.
    const ids = booked.map(({ _id }) => _id);
    if (again || (await billingWeeks.through()) !== begun) await billingWeeks.settle(ids, now);
    const current = await revisions([...known.keys()]);
    const changed = [...known.values()].filter((was) => again || current.get(was.campaignId) !== was.revision);
    if (changed.length > 0) await applyVersions(changed.map(({ campaignId }) => campaignId));
  }

  async function refundVersionsOf(facts: TransactionFact[], known: Map<string, Campaign>) {
    const refunds = facts.filter(({ type }) => type === 'refund').map(({ id, ...fact }) => ({ _id: id, ...fact }));
    const versions = new Map<string, CampaignVersion>();
    for (const [campaignId, mine] of groupBy(refunds, (refund) => refund.campaignId)) {
      const campaign = known.get(campaignId);
      if (campaign === undefined) continue;
      for (const [id, version] of await refundTerms.versionsOf(campaign, mine)) versions.set(id, version);
    }
    return versions;
  }

  /**
   * The open week of each fact, by its arrival: an event that came in before the issue, and whose turn comes after it,
   * is not late. Nearly always it is one week for all, so that is looked at first.
   */
  function openWeeks(facts: TransactionFact[], now: Date, begun: WeekId): (fact: TransactionFact) => WeekId {
    const arrivals = facts.map(({ arrivedAt = now }) => arrivedAt.getTime());
    const [first, last] = [Math.min(...arrivals), Math.max(...arrivals)].map((at) =>
      billingWeeks.openWeek(new Date(at), begun),
    );
    if (first !== undefined && first === last) return () => first;
    return ({ arrivedAt = now }) => billingWeeks.openWeek(arrivedAt, begun);
  }

  /** Answers whether some of them were there before. */
  async function insertNew(transactions: StoredTransaction[]): Promise<boolean> {
    return (await insertIgnoringDuplicates(store.transactions, transactions)).length > 0;
  }

  /** Takes a transaction back that should not have been recorded; `billed` when an invoice has it, and then it stands. */
  async function withdraw(id: string, now: Date): Promise<'withdrawn' | 'billed'> {
    for (;;) {
      await billingWeeks.settle([id], now);
      const transaction = await store.transactions.findOne({ _id: id });
      if (transaction === null) return 'withdrawn';
      if (transaction.state === undefined && (await billingWeeks.isBilled(transaction))) return 'billed';
      // Taken out of every week it can go, but only when its own had not begun before that.
      const week = transaction.state === 'withdrawing' ? transaction.withdrawnFrom : transaction.billingWeek;
      await store.transactions.updateOne(
        { _id: id, billingWeek: week },
        { $set: { state: 'withdrawing', withdrawnFrom: week }, $unset: { billingWeek: '' } },
      );
      if ((await billingWeeks.through()) < week) {
        const { deletedCount } = await store.transactions.deleteOne({ _id: id, state: 'withdrawing' });
        if (deletedCount === 1) return 'withdrawn';
      }
      await store.transactions.updateOne(
        { _id: id, state: 'withdrawing' },
        { $set: { billingWeek: week }, $unset: { state: '', withdrawnFrom: '' } },
      );
    }
  }

  async function campaigns(ids: string[]): Promise<Map<string, Campaign>> {
    const found = await store.campaigns.find({ _id: { $in: [...new Set(ids)] } }).toArray();
    return new Map(found.map(({ _id, ...rest }) => [_id, { campaignId: _id, ...rest }]));
  }

  async function revisions(ids: string[]): Promise<Map<string, number>> {
    const found = await store.campaigns.find({ _id: { $in: ids } }, { projection: { revision: 1 } }).toArray();
    return new Map(found.map(({ _id, revision }) => [_id, revision]));
  }

  /** Which of these are known RevShare campaigns. */
  async function existingCampaigns(ids: string[]): Promise<Set<string>> {
    return new Set((await revisions(ids)).keys());
  }

  /** The models of these campaigns, each at an instant; one that is no RevShare campaign is left out. */
  async function modelsOf(dated: { campaignId: string; at: Date }[]): Promise<(string | null)[]> {
    if (dated.length === 0) return [];
    const known = await campaigns(dated.map(({ campaignId }) => campaignId));
    return dated.map(({ campaignId, at }) => {
      const campaign = known.get(campaignId);
      return campaign === undefined ? null : versionAt(campaign, at).modelId;
    });
  }

  return { updateCampaigns, applyVersions, repriceWeek, record, withdraw, revisions, existingCampaigns, modelsOf };
}

function versionOf({ eventId, timestamp, data }: VersionFact): CampaignVersion & { campaignId: string } {
  const { kind: _, ...terms } = data;
  return { eventId, timestamp, ...terms };
}

function addVersion({ campaignId, ...version }: CampaignVersion & { campaignId: string }) {
  const { eventId } = version;
  return {
    updateOne: {
      filter: { _id: campaignId, 'versions.eventId': { $ne: eventId } },
      update: { $push: { versions: version }, $inc: { revision: 1 } },
      upsert: true,
    },
  };
}

function occurredWithin(from: Date | undefined, until: Date | undefined) {
  if (from === undefined && until === undefined) return {};
  return {
    occurredAt: {
      ...(from === undefined ? {} : { $gte: from }),
      ...(until === undefined ? {} : { $lt: until }),
    },
  };
}

/** As an update pipeline takes them, too: none of them can begin with `$`, which would make it a field there. */
function termsOf({ modelId, contractorId, rateBps }: CampaignVersion) {
  return { modelId, contractorId, rateBps };
}

/** In an update pipeline: the terms of a version for its own model's transactions, and the old ones for others. */
function termsForModel({ modelId, contractorId, rateBps }: CampaignVersion) {
  const own = { $eq: ['$modelId', modelId] };
  return {
    contractorId: { $cond: [own, contractorId, '$contractorId'] },
    rateBps: { $cond: [own, rateBps, '$rateBps'] },
  };
}

function transactionOf(
  fact: TransactionFact,
  campaign: Campaign,
  version: CampaignVersion,
  open: WeekId,
  calendar: Calendar,
): StoredTransaction {
  const week = calendar.weekOf(fact.occurredAt);
  return {
    _id: fact.id,
    campaignId: fact.campaignId,
    type: fact.type,
    amount: fact.amount,
    occurredAt: fact.occurredAt,
    ...termsOf(version),
    revision: campaign.revision,
    billingWeek: week > open ? week : open,
  };
}
