import { isErasedText, type Texts } from '../privacy/texts.ts';
import { type CampaignVersion, versionAt } from './campaign.ts';
import type { InvoicingStore, StoredCampaign } from './store.ts';

const COLLECTION = 'campaigns';

type Named = Pick<CampaignVersion, 'eventId' | 'modelId' | 'name'>;

export type CampaignNames = ReturnType<typeof createCampaignNames>;

/** What campaigns are called. The platform may name people in it, so that it is stored encrypted, as the model's own text. */
export function createCampaignNames({ campaigns }: Pick<InvoicingStore, 'campaigns'>, texts: Texts) {
  /** Versions as they are stored. */
  async function concealed<T extends Named & { campaignId: string }>(versions: T[]): Promise<T[]> {
    const named = versions.flatMap(({ campaignId, ...one }) => documentOf(campaignId, one));
    const stored = await texts.protect(COLLECTION, named, ({ path }, { modelId }) =>
      path === 'name' ? [modelId] : [],
    );
    return withNames(versions, stored, ({ campaignId, eventId }) => versionId(campaignId, eventId));
  }

  /** Campaigns whose versions have their names as people read them. */
  async function revealed(stored: StoredCampaign[]): Promise<StoredCampaign[]> {
    const named = stored.flatMap(({ _id, versions }) => versions.flatMap((one) => documentOf(_id, one)));
    const known = await texts.reveal(COLLECTION, named);
    return stored.map((campaign) => ({
      ...campaign,
      versions: withNames(campaign.versions, known, ({ eventId }) => versionId(campaign._id, eventId)),
    }));
  }

  /** What campaigns were called at an instant, by id; one that had no name then, or whose model is erased, is left out. */
  async function namesAt(campaignIds: string[], at: Date): Promise<Map<string, string>> {
    const ids = [...new Set(campaignIds)];
    const found = ids.length === 0 ? [] : await campaigns.find({ _id: { $in: ids } }).toArray();
    const dated = found.map((campaign) => ({
      ...campaign,
      versions: [versionAt({ campaignId: campaign._id, ...campaign }, at)],
    }));
    const names = (await revealed(dated)).map(({ _id, versions }) => [_id, versions[0]?.name] as const);
    return new Map(names.flatMap(([id, name]) => (name === undefined || isErasedText(name) ? [] : [[id, name]])));
  }

  return { concealed, revealed, namesAt };
}

/** A version as a document of its own, which its name is encrypted in: its place in the campaign is no lasting one. */
function documentOf(campaignId: string, { eventId, modelId, name }: Named) {
  return name === undefined ? [] : [{ _id: versionId(campaignId, eventId), modelId, name }];
}

function withNames<T extends Named>(
  versions: T[],
  named: { _id: string; name: string }[],
  idOf: (version: T) => string,
): T[] {
  const names = new Map(named.map(({ _id, name }) => [_id, name]));
  return versions.map((version) => {
    const name = names.get(idOf(version));
    return name === undefined ? version : { ...version, name };
  });
}

/** No id of the platform has a `#`. */
export function versionId(campaignId: string, eventId: string): string {
  return `${campaignId}#${eventId}`;
}
