import { writeFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';

import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { SECRET } from '../support/world.ts';
import { createSealedWorld } from './world.ts';

let outcomes: { kind: string; error?: string }[] = [];
const posted: { id: string; body: string }[] = [];

const world = await createSealedWorld({
  environment: { ANCHOR_URL: 'http://127.0.0.1:9', ANCHOR_SECRET: SECRET },
  processes: 2,
  post: async (message) => {
    posted.push(message);
    return outcomes.shift() ?? { kind: 'delivered' };
  },
});
afterAll(world.close);

const sealAt = async (at: string) => {
  world.pin(at);
  await world.core.seals.sealDue(world.now());
};
const anchors = () => world.connection.collection('seal_anchors').find().sort({ _id: 1 }).toArray();

beforeEach(async () => {
  await world.begin('2026-03-02T00:00:00Z');
  outcomes = [];
  posted.length = 0;
});

async function sealTwoDays(): Promise<void> {
  await world.send(tell.account('G', 'manager'), tell.account('M', 'model'));
  await sealAt('2026-03-02T12:00:00Z');
  await world.send(tell.topUp('t', 'M', 100));
  await sealAt('2026-03-02T13:00:00Z');
}

test('the last seal of a day is told when the next day has one, and not before', async () => {
  await sealTwoDays();
  await sealAt('2026-03-02T23:59:59Z');
  expect(await anchors()).toEqual([]);
  await sealAt('2026-03-03T00:00:00Z');
  const [, second] = await world.all();
  const anchor = { day: '2026-03-02', number: 2, hash: second?.hash, root: second?.dayRoot };
  expect(await anchors()).toEqual([{ _id: anchor.day, number: 2, hash: anchor.hash, root: anchor.root }]);
  expect(posted).toEqual([{ id: 'seal:2026-03-02:2', body: JSON.stringify({ type: 'day.sealed', data: anchor }) }]);
  await sealAt('2026-03-03T12:00:00Z');
  expect(posted).toHaveLength(1);
});

deepTest('days that were missed are told, each once, whichever processes come', async () => {
  await sealTwoDays();
  await world.send(tell.topUp('u', 'M', 100));
  world.pin('2026-03-05T00:00:00Z');
  await Promise.all(world.processes.map((process) => process.seals.sealDue(world.now())));
  await sealAt('2026-03-08T00:00:00Z');
  expect((await anchors()).map(({ _id }) => String(_id))).toEqual(['2026-03-02', '2026-03-05']);
  expect(await world.verify()).toEqual([]);
});

deepTest('managers are told once a day, together with how to compare', async () => {
  await world.send(tell.account('G', 'manager'));
  await world.link('G', 'telegram', 7);
  await sealTwoDays();
  await sealAt('2026-03-03T00:00:00Z');
  await world.travelTo('2026-03-03T09:00:00Z');
  const told = (await outboxOf(world.collection)).filter(({ _id }) => String(_id).startsWith('seals:'));
  expect(told).toHaveLength(1);
  const [, second] = await world.all();
  const content = {
    kind: 'manager.day_sealed' as const,
    data: { day: '2026-03-02', number: 2, hash: second?.hash ?? '' },
  };
  expect(noticeMessage(content, { timeZone: 'UTC', currency: 'USD' }).paragraphs.join(' ')).toContain(
    `settlebot verify --anchor 2:${second?.hash}`,
  );
});

deepTest('a receiver that does not take an anchor is asked again later, and holds up no seal', async () => {
  outcomes = [{ kind: 'failed', error: 'answered 500' }];
  await sealTwoDays();
  await sealAt('2026-03-03T00:00:00Z');
  expect(await anchors()).toMatchObject([{ postFailures: 1 }]);
  await sealAt('2026-03-03T00:01:00Z');
  expect(posted).toHaveLength(1);
  await world.connection.collection('seal_anchors').updateMany({}, { $set: { postAt: new Date(0) } });
  await sealAt('2026-03-03T00:02:00Z');
  expect(posted.map(({ id }) => id)).toEqual(['seal:2026-03-02:2', 'seal:2026-03-02:2']);
  expect((await anchors())[0]).not.toHaveProperty('postAt');
});

deepTest('what a killed process did not tell any more is told by the next', async () => {
  await sealTwoDays();
  await sealAt('2026-03-03T00:00:00Z');
  await world.connection
    .collection('seal_anchors')
    .updateMany({}, { $set: { pendingEffects: true, postAt: new Date(0), postFailures: 0 } });
  await world.restart();
  await sealAt('2026-03-03T00:01:00Z');
  expect((await anchors())[0]).not.toHaveProperty('pendingEffects');
  expect(posted).toHaveLength(2);
});

deepTest('an anchor that somebody kept shows that the end was cut off and made again', async () => {
  await sealTwoDays();
  await sealAt('2026-03-03T00:00:00Z');
  const [, second] = await world.all();
  const kept = { number: 2, hash: second?.hash ?? '' };
  expect(await world.core.verify([kept])).toEqual([]);
  await world.seals().deleteMany({ _id: { $gte: 2 } });
  await world.connection.collection('seal_anchors').deleteMany({});
  writeFileSync(world.file, '');
  expect(await world.verify()).toEqual([]);
  expect(await world.core.verify([kept])).toEqual([
    'seal 2 was anchored, and gone since: the end was cut off, or an older backup was restored',
  ]);
});
