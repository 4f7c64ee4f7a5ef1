import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

import { createAnchorFile } from '../../src/seals/anchorFile.ts';
import { type SealKey, sealKeyOf } from '../../src/seals/seal.ts';
import type { StoredSeal } from '../../src/seals/store.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld } from '../support/world.ts';

const KEY = sealKeyOf(Buffer.alloc(32, 1));
const keys = [KEY];
const file = join(mkdtempSync(join(tmpdir(), 'settlebot-anchors-')), 'anchors.txt');
const world = await createWorld({ seals: { keys, anchors: createAnchorFile(file) }, processes: 2 });
afterAll(world.close);

const seals = () => world.connection.collection<StoredSeal>('seals');
const all = () => seals().find().sort({ _id: 1 }).toArray();
const START = Date.parse('2026-03-02T00:00:00Z');
const MINUTE = 60_000;
let minutes = 0;
/** Seals, long enough after the last time. */
const seal = (process = world.core) => {
  minutes += 5;
  return process.seals.sealDue(new Date(START + minutes * MINUTE));
};
const verify = () => world.core.verify();
/** The events that seals have; what follows from them is sealed likewise. */
const eventsOf = (stored: StoredSeal[]) =>
  stored.flatMap(({ parts }) => parts.filter(({ source }) => source === 'events').flatMap(({ ids }) => ids)).sort();

beforeEach(async () => {
  minutes = 0;
  keys.splice(0, keys.length, KEY);
  await world.reset('2026-03-02T00:00:00Z');
  writeFileSync(file, '');
});

const sealAt = (at: string) => world.core.seals.sealDue(new Date(at));

test('what is written is sealed once, some minutes after the last seal', async () => {
  await world.send(tell.account('M', 'model'));
  // The event, the version that it made, and the policy that the service works by.
  expect(await sealAt('2026-03-02T00:00:00Z')).toMatchObject({ count: 3 });
  await world.send(tell.topUp('t1', 'M', 500));
  expect(await sealAt('2026-03-02T00:03:59Z')).toBe(null);
  expect(await sealAt('2026-03-02T00:04:00Z')).toMatchObject({ count: 2 });
  expect(await sealAt('2026-03-02T23:59:59Z')).toBe(null);
  expect(eventsOf(await all())).toEqual(['account-M', 'topup-t1']);
  expect(await verify()).toEqual([]);
});

deepTest('a new day begins with a seal, even of nothing, so that the day before has its last', async () => {
  await sealAt('2026-03-02T10:00:00Z');
  expect(await sealAt('2026-03-02T12:00:00Z')).toBe(null);
  await world.send(tell.account('M', 'model'));
  await sealAt('2026-03-02T12:00:00Z');
  expect(await sealAt('2026-03-03T00:00:00Z')).toMatchObject({ count: 0 });
  expect(await sealAt('2026-03-03T12:00:00Z')).toBe(null);
  expect((await all()).map(({ day, counts }) => ({ day, events: counts.events }))).toEqual([
    { day: '2026-03-02', events: undefined },
    { day: '2026-03-02', events: 1 },
    { day: '2026-03-03', events: undefined },
  ]);
  expect(await verify()).toEqual([]);
});

deepTest('of two processes that seal at once one makes the seal', async () => {
  await world.send(tell.account('M', 'model'), tell.account('N', 'model'));
  const at = new Date(START);
  await Promise.all(world.processes.map((process) => process.seals.sealDue(at)));
  await seal();
  expect(eventsOf(await all())).toEqual(['account-M', 'account-N']);
  expect((await all()).map(({ _id }) => _id)).toEqual([1]);
  expect(await verify()).toEqual([]);
});

deepTest('what lands behind a seal goes into the next', async () => {
  await world.send(tell.account('M', 'model'));
  await seal();
  const behind = new Date(Date.now() - 60_000);
  await world.send(tell.account('N', 'model'));
  await world.connection
    .collection('events')
    .updateOne({ _id: 'account-N' } as object, { $set: { insertedAt: behind } });
  expect(await verify()).toEqual([]);
  await world.send(tell.account('O', 'model'));
  await seal();
  expect((await all()).map(({ counts }) => counts.events)).toEqual([1, 2]);
  await world.send(tell.account('P', 'model'));
  await seal();
  expect(eventsOf(await all())).toEqual(['account-M', 'account-N', 'account-O', 'account-P']);
  expect(await verify()).toEqual([]);
});

deepTest('what was written before there were seals is sealed by the first ones', async () => {
  await world.send(tell.account('M', 'model'), tell.topUp('t1', 'M', 500));
  await world.connection.collection('events').updateMany({}, { $unset: { insertedAt: 1 } });
  await seal();
  await seal();
  expect(eventsOf(await all())).toEqual(['account-M', 'topup-t1']);
  await world.send(tell.account('N', 'model'));
  await seal();
  await seal();
  expect(eventsOf(await all())).toHaveLength(3);
  expect(await verify()).toEqual([]);
});

deepTest('a clock that is set back does not take the chain back', async () => {
  await world.send(tell.account('M', 'model'));
  await seal();
  await world.send(tell.account('N', 'model'));
  await sealAt('2026-03-01T00:00:00Z');
  expect((await all()).map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-02']);
  expect(await verify()).toEqual([]);
});

deepTest('each seal is told in the file of anchors, which shows that the end is cut off', async () => {
  await world.send(tell.account('M', 'model'));
  await seal();
  await world.send(tell.account('N', 'model'));
  await seal();
  const [first, second] = await all();
  expect(readFileSync(file, 'utf8')).toBe(`2026-03-02 1 ${first?.hash}\n2026-03-02 2 ${second?.hash}\n`);
  await seals().deleteOne({ _id: 2 });
  expect(await verify()).toEqual([
    'seal 2 was anchored, and gone since: the end was cut off, or an older backup was restored',
  ]);
  await seal();
  expect(await verify()).toEqual([
    'seal 2 is not the one that was anchored: it was made again, by somebody else or after a backup was restored',
  ]);
});

deepTest('a line of the file that a crash cut off is passed over', async () => {
  await world.send(tell.account('M', 'model'));
  writeFileSync(file, '2026-03-01 1 abc');
  await seal();
  expect(await verify()).toEqual([]);
});

deepTest('without a key nothing is sealed', async () => {
  const unkeyed = await createWorld({ startsAt: '2026-03-02T00:00:00Z' });
  await unkeyed.send(tell.account('M', 'model'));
  expect(await unkeyed.core.seals.sealDue(new Date('2026-03-03T00:00:00Z'))).toBe(null);
  expect(await unkeyed.collection('seals').countDocuments()).toBe(0);
  await unkeyed.close();
});

deepTest('of several keys the first makes seals, and each is believed; one that is not named is told', async () => {
  const [older, newer] = [sealKeyOf(Buffer.alloc(32, 2)), sealKeyOf(Buffer.alloc(16, 3))];
  const asked = async (...named: SealKey[]) => {
    keys.splice(0, keys.length, ...named);
    await world.restart();
    await seal();
    return verify();
  };
  await world.send(tell.account('M', 'model'));
  expect(await asked(older)).toEqual([]);
  await world.send(tell.account('N', 'model'));
  expect(await asked(newer, older)).toEqual([]);
  expect((await all()).map(({ keyId }) => keyId)).toEqual([older.id, newer.id]);
  expect(await asked(newer)).toEqual([`seal 1 bears the mac of key ${older.id}, which SEAL_KEY does not name`]);
});

deepTest(
  'what landed long behind the seals is named until somebody with the key admits it, and then is sealed as late',
  async () => {
    await world.send(tell.account('M', 'model'));
    await seal();
    // One after the other: together, either may be stored first, and lines come in the order of storing.
    await world.send(tell.account('N', 'model'));
    await world.send(tell.account('O', 'model'));
    const written = new Date(Date.now() - 3 * 3_600_000);
    await world.connection
      .collection('events')
      .updateMany({ _id: { $in: ['account-N', 'account-O'] } } as object, { $set: { insertedAt: written } });
    await seal();
    const fault = (id: string) => `events ${id}: it was put there after its time was sealed`;
    expect(await verify()).toEqual([fault('account-N'), fault('account-O')]);
    const by = { actor: 'ops', reason: 'the machine was suspended', at: new Date(START) };
    const admit = (id: string) => world.core.seals.admit('events', id, by);
    expect(await admit('account-N')).toBe('admitted');
    expect(await verify()).toEqual([fault('account-O')]);
    await seal();
    expect(await verify()).toEqual([fault('account-O')]);
    expect((await all()).at(-1)?.parts.find(({ source }) => source === 'events')?.late).toEqual([written.getTime()]);
    expect(await world.core.seals.notices()).toEqual([
      'events account-N was written behind the seals and is in seal 3, admitted by ops at 2026-03-02T00:00:00.000Z: the machine was suspended',
    ]);
    expect([await admit('account-N'), await admit('account-M'), await admit('nothing')]).toEqual([
      ...['sealed', 'sealed', 'not-found'],
    ]);
    await seal();
    expect(await verify()).toEqual([fault('account-O')]);
  },
);

deepTest('nobody without the key admits anything', async () => {
  await world.send(tell.account('M', 'model'));
  await seal();
  await world.send(tell.account('N', 'model'));
  await world.connection
    .collection('events')
    .updateOne({ _id: 'account-N' } as object, { $set: { insertedAt: new Date(0) } });
  await seal();
  const by = { actor: 'ops', reason: 'a frozen process', at: new Date(START) };
  await world.core.seals.admit('events', 'account-N', by);
  // Another is named in its place, and another version of what was admitted.
  const admissions = world.connection.collection('seal_admissions');
  await admissions.updateOne({}, { $set: { reason: 'trust me' } });
  await seal();
  expect(await verify()).toEqual(['events account-N: it was put there after its time was sealed']);
  expect((await world.core.seals.notices()).join()).toContain('nobody who has the key admitted it');
});
