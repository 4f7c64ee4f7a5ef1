import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { createJobs } from '../../jobs/jobs.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** M has paid in time; N has not paid, and is in a grace. */
beforeEach(async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(
    tell.account('M', 'model'),
    tell.account('N', 'model'),
    tell.account('c', 'marketer'),
    tell.campaign('A', 'M', 'c', 5_000),
    tell.campaign('B', 'N', 'c', 5_000),
    tell.topUp('t1', 'M', 10_000),
    tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    tell.payment('p2', 2_000, '2026-03-03T00:00:00Z', { campaignId: 'B' }),
  );
  await world.travelTo('2026-03-13T06:00:00Z');
  const by = { actor: 'ops', reason: 'was ill' };
  await world.core.standing.standings.grace('N', new Date('2026-03-15T06:00:00Z'), by, world.clock.now());
  await world.travelTo('2026-03-14T06:00:00Z');
  expect(await world.core.verify()).toEqual([]);
});

const change = (fields: object) => world.collection('standings').updateOne({ _id: 'N' }, { $set: fields });

test.each(
  sampleOf<[string, () => Promise<unknown>, RegExp]>(
    [
      [
        'campaigns',
        () => change({ 'announced.campaigns': 'paused' }),
        /^model N: campaigns was told to be paused, and was running$/,
      ],
      [
        'orders',
        () => change({ 'announced.cplOrders': 'blocked' }),
        /^model N: cplOrders was told to be blocked, and was allowed$/,
      ],
      ['a score', () => change({ 'announced.trustScore': 99 }), /^model N: trustScore was told to be 99, and was \d+$/],
      [
        'an end',
        () => change({ 'announced.terminated': true }),
        /^model N: terminated was told to be true, and was false$/,
      ],
      [
        'a change that nobody was told of',
        () =>
          change({ pendingNotifications: [{ type: 'campaigns.paused', modelId: 'N' }], hasPendingNotifications: true }),
        /^model N: 1 changes of its standing are still to be told$/,
      ],
      [
        'that a model was not looked at when it paid',
        () => world.collection('standings').deleteOne({ _id: 'M' }),
        /^model M: trustScore was told to be 50, and was \d+$/,
      ],
      [
        'that a model was not looked at when a manager decided',
        () => world.collection('standing_decisions').deleteOne({ modelId: 'N' }),
        /^model N: campaigns was told to be running, and was paused$/,
      ],
    ],
    1,
  ),
)('verify finds of what was told: %s', async (_, damage, found) => {
  await damage();
  expect((await world.core.verify()).filter((line) => line.startsWith('model '))).toEqual([
    expect.stringMatching(found),
  ]);
});

deepTest('verify waits for a look that is still to come', async () => {
  await change({ 'announced.campaigns': 'paused' });
  await world.collection('invoices').updateOne({ _id: '2026-W10:N' }, { $set: { pendingEffects: 'issued' } });
  expect(await world.core.verify()).toEqual([]);
});

deepTest('verify is content when a grace has ended and the sanctions hold again', async () => {
  await world.travelTo('2026-03-16T06:00:00Z');
  expect((await world.core.standing.standings.standing('N', world.clock.now())).campaigns).toBe('paused');
  expect(await world.core.verify()).toEqual([]);
});

deepTest(
  'after a change of the policy the next start looks at all models again, and what has changed is told',
  async () => {
    const start = async (sanctions: { overdueDays?: number }) => {
      await world.restart({ sanctions });
      const startsAt = world.clock.now();
      const onError = (error: unknown) => world.errors.push(error);
      const jobs = createJobs({ ...world, testClock: { startsAt }, botsQuiet: async () => {}, onError });
      return { differences: await world.core.verify(), catchUp: jobs.catchUp };
    };
    const told = () =>
      world.collection('standings').findOne({ _id: 'N' }, { projection: { announced: 1, changes: 1 } });
    await world.travelTo('2026-03-16T06:00:00Z');
    const patient = await start({ overdueDays: 30 });
    expect(patient.differences).toEqual(['model N: cplOrders was told to be blocked, and was allowed']);
    await patient.catchUp();
    expect(await world.core.verify()).toEqual([]);
    const before = await told();
    expect(before).toMatchObject({ announced: { cplOrders: 'allowed' } });
    await (await start({ overdueDays: 30 })).catchUp();
    expect(await told()).toEqual(before);
    await (await start({})).catchUp();
    expect(await told()).toMatchObject({ announced: { cplOrders: 'blocked' } });
    expect(world.errors).toEqual([]);
  },
);
