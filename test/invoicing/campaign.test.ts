import { expect, test } from 'vitest';

import { type CampaignVersion, versionAt, versionsInForce } from '../../src/invoicing/campaign.ts';

function version(eventId: string, timestamp: string, rateBps: number): CampaignVersion {
  const parties = { modelId: 'm1', contractorId: 'c1', status: 'active' as const };
  return { eventId, timestamp: new Date(timestamp), rateBps, ...parties };
}

const versions = [
  version('e3', '2026-03-01T00:00:00Z', 3_000),
  version('e1', '2026-01-01T00:00:00Z', 1_000),
  version('e2', '2026-02-01T00:00:00Z', 2_000),
];

test.each([
  ['before the earliest, the earliest', '2025-06-01T00:00:00Z', 1_000],
  ['at its timestamp', '2026-02-01T00:00:00Z', 2_000],
  ['a millisecond before the next', '2026-02-28T23:59:59.999Z', 2_000],
  ['after the latest, the latest', '2026-12-01T00:00:00Z', 3_000],
])('the version in force (rules 1.3): %s', (_, at, rateBps) => {
  expect(versionAt({ campaignId: 'k', revision: 3, versions }, new Date(at)).rateBps).toBe(rateBps);
});

test('of several with one timestamp the greater event id holds, in whatever order they came (rules 0)', () => {
  const equal = [version('b', '2026-01-01T00:00:00Z', 200), version('a', '2026-01-01T00:00:00Z', 100)];
  for (const list of [equal, [...equal].reverse()]) {
    expect(versionsInForce({ versions: list }).map(({ eventId }) => eventId)).toEqual(['b']);
  }
});

test('a campaign without a version is a broken invariant', () => {
  expect(() => versionAt({ campaignId: 'k', revision: 0, versions: [] }, new Date(0))).toThrow(/k has no version/);
});
