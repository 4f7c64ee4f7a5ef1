import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const MAY = new Date('2026-05-15T00:00:00Z');

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset('2026-07-01T00:00:00Z');
  await world.send(
    ...[tell.account('m', 'model'), tell.account('c', 'marketer')],
    tell.campaign('spring', 'm', 'c', 1_000, { id: 'v1', at: '2026-05-01T00:00:00Z', name: 'Ava in spring' }),
    tell.campaign('spring', 'm', 'c', 1_000, { id: 'v2', at: '2026-06-01T00:00:00Z', name: 'Ava in summer' }),
    tell.campaign('spring', 'm', 'c', 1_000, { id: 'v3', at: '2026-06-20T00:00:00Z' }),
    tell.campaign('plain', 'm', 'c', 1_000),
  );
});

test('a campaign is called as the version in force at an instant calls it', async () => {
  const { campaignNames } = world.core.invoicing;
  const named = async (at: Date) => Object.fromEntries(await campaignNames(['spring', 'plain', 'unknown'], at));
  expect(await named(MAY)).toEqual({ spring: 'Ava in spring' });
  expect(await named(new Date('2026-06-01T00:00:00Z'))).toEqual({ spring: 'Ava in summer' });
  expect(await named(new Date('2026-06-20T00:00:00Z'))).toEqual({});
});

test('names are stored encrypted, are verified, and go with the model', async () => {
  const { connection, erasures, examine, invoicing } = world.core;
  const stored = () => connection.collection('campaigns').find().toArray();
  expect(JSON.stringify(await stored())).not.toContain('Ava');
  expect((await examine()).differences).toEqual([]);

  expect(await erasures.request('m', 'ops')).toMatchObject({ kind: 'requested' });
  await world.travelTo(world.clock.now());
  expect(await invoicing.campaignNames(['spring'], MAY)).toEqual(new Map());
  expect((await examine()).differences).toEqual([]);
});
