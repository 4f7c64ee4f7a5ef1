import type { DataOf } from '../events/catalogue.ts';

export type CampaignVersion = Omit<DataOf<'campaign.updated'>, 'campaignId' | 'kind'> & {
  eventId: string;
  /** The envelope's timestamp: from when on this version is in force. */
  timestamp: Date;
};

/** `revision` counts the versions known: equal revisions of a campaign mean the same set of versions. */
export type Campaign = { campaignId: string; revision: number; versions: CampaignVersion[] };

/** The later of two versions: by timestamp, and of equal ones the greater event id (rules 0). */
export function compareVersions(a: CampaignVersion, b: CampaignVersion): number {
  return a.timestamp.getTime() - b.timestamp.getTime() || (a.eventId < b.eventId ? -1 : 1);
}

/** The version in force at an instant: the latest with `timestamp` at or before it, else the earliest (rules 1.3). */
export function versionAt(campaign: Campaign, at: Date): CampaignVersion {
  const sorted = [...campaign.versions].sort(compareVersions);
  const [earliest] = sorted;
  if (earliest === undefined) throw new RangeError(`campaign ${campaign.campaignId} has no version`);
  return sorted.findLast((version) => version.timestamp <= at) ?? earliest;
}
