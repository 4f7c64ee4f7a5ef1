import type { DataOf } from '../events/catalogue.ts';

export type CampaignVersion = Omit<DataOf<'campaign.updated'>, 'campaignId' | 'kind'> & {
  eventId: string;
  /** The envelope's timestamp: from when on this version is in force. */
  timestamp: Date;
};

/** `revision` counts the versions known: equal revisions of a campaign mean the same set of versions. */
export type Campaign = { campaignId: string; revision: number; versions: CampaignVersion[] };

/** The versions that are ever in force, in order: of several with one timestamp the greatest event id (rules 0). */
export function versionsInForce({ versions }: Pick<Campaign, 'versions'>): CampaignVersion[] {
  const sorted = [...versions].sort(compareVersions);
  return sorted.filter((version, index) => sorted[index + 1]?.timestamp.getTime() !== version.timestamp.getTime());
}

/** The version in force at an instant: the latest with `timestamp` at or before it, else the earliest (rules 1.3). */
export function versionAt(campaign: Campaign, at: Date): CampaignVersion {
  const inForce = versionsInForce(campaign);
  const [earliest] = inForce;
  if (earliest === undefined) throw new RangeError(`campaign ${campaign.campaignId} has no version`);
  return inForce.findLast((version) => version.timestamp <= at) ?? earliest;
}

/**
 * The version of one model's that was in force at an instant or, where the campaign was another's then, that was last in
 * force before. A model who was billed by a version that another has superseded since has only that one.
 */
export function versionOfModelAt(campaign: Campaign, modelId: string, at: Date): CampaignVersion {
  const ofModel = (versions: CampaignVersion[]) => versions.filter((version) => version.modelId === modelId);
  const inForce = ofModel(versionsInForce(campaign));
  const own = inForce.length > 0 ? inForce : ofModel([...campaign.versions].sort(compareVersions));
  return own.findLast((version) => version.timestamp <= at) ?? own[0] ?? versionAt(campaign, at);
}

function compareVersions(a: CampaignVersion, b: CampaignVersion): number {
  return a.timestamp.getTime() - b.timestamp.getTime() || (a.eventId < b.eventId ? -1 : 1);
}
