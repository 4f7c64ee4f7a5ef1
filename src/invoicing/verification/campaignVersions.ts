import type { AppliedChecks, ToldEvents } from '../../events/toldEvent.ts';
import { type FactCollection, type StoredFact, verifyApplied, verifyFacts } from '../../events/verifyFacts.ts';
import { inBatches } from '../../kernel/group.ts';
import { type CampaignNames, versionId } from '../campaignNames.ts';
import type { InvoicingStore, StoredCampaign } from '../store.ts';

const BATCH = 500;

/** Compares each version of a campaign with the event that told it, in both directions. */
export function createCampaignVerification(
  { campaigns }: Pick<InvoicingStore, 'campaigns'>,
  { revealed }: Pick<CampaignNames, 'revealed'>,
) {
  const collection: FactCollection<'campaign.updated'> = {
    name: 'campaigns',
    type: 'campaign.updated',
    all: versions,
    byId: async (ids) => {
      const wanted = new Set(ids);
      const found = await campaigns.find({ _id: { $in: [...new Set(ids.map(campaignOf))] } }).toArray();
      return (await revealed(found.map(withVersions))).flatMap(factsOf).filter(({ id }) => wanted.has(id));
    },
    told: ({ eventId, timestamp, data: { campaignId, kind: _, ...terms } }) => ({
      id: versionId(campaignId, eventId),
      content: { ...terms, timestamp },
    }),
  };

  async function* versions(): AsyncGenerator<StoredFact> {
    for await (const batch of inBatches(campaigns.find({}), BATCH)) {
      yield* (await revealed(batch.map(withVersions))).flatMap(factsOf);
    }
  }

  async function facts(events: ToldEvents): Promise<string[]> {
    const differences = await verifyFacts(collection, events);
    // Transactions are priced again when their campaign has a revision that they do not know.
    for await (const { _id, revision, versions: known } of campaigns.find({})) {
      const count = Array.isArray(known) ? known.length : 0;
      if (revision === count) continue;
      differences.push(`campaigns/${_id}: revision is ${revision}, with ${count} versions`);
    }
    return differences;
  }

  const applied: AppliedChecks = { 'campaign.updated': (events) => verifyApplied(collection, events) };

  return { facts, applied };
}

/** One that has lost its versions is named by its revision, and by the events that told them. */
function withVersions(campaign: StoredCampaign): StoredCampaign {
  return Array.isArray(campaign.versions) ? campaign : { ...campaign, versions: [] };
}

function factsOf({ _id, versions }: StoredCampaign): StoredFact[] {
  return versions.map(({ eventId, ...content }) => ({
    id: versionId(_id, eventId),
    eventId,
    content,
  }));
}

function campaignOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}
