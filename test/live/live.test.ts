import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Change } from '../../src/live/change.ts';
import type { Told } from '../../src/live/live.ts';
import { MOST_WRITTEN } from '../../src/live/reader.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { createWorld, throwIt, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ startsAt: '2026-11-20T00:00:00Z', processes: 2, onError: throwIt });
});
const leaving: (() => void)[] = [];
afterEach(() => {
  for (const leave of leaving.splice(0)) leave();
});

describe('what changes', () => {
  it('is heard in every process, whichever did it, once each', async () => {
    const heard = world.processes.map((_, index) => listenTo(index));
    await world.send(
      ...[tell.account('m1', 'model'), tell.account('ct', 'marketer'), tell.campaign('c1', 'm1', 'ct', 2_000)],
      tell.payment('p1', 5_000, '2026-11-19T10:00:00Z', { campaignId: 'c1' }),
      tell.topUp('t1', 'm1', 300),
    );
    await world.travelTo('2026-11-23T06:00:00Z');
    for (const changes of heard) {
      await eventually(() => changes.some(({ subject }) => subject === 'invoice:2026-W47:m1'));
      await eventually(() => changes.some(({ topic, subject }) => topic === 'ledger' && subject === 'model:m1'));
      await eventually(() => changes.some(({ topic, subject }) => topic === 'accounts' && subject === 'account:ct'));
    }
    const told = heard[1]?.filter(({ subject }) => subject === 'account:ct').length;
    await world.processes[0]?.audit.record({
      ...{ actor: 'ops', action: 'invoice.void', subject: 'invoice:2026-W47:m1', at: world.clock.now() },
    });
    await eventually(() => heard[1]?.filter(({ subject }) => subject === 'invoice:2026-W47:m1').length === 2);
    expect(heard[1]?.filter(({ subject }) => subject === 'account:ct')).toHaveLength(told ?? 0);
    expect(heard[0]?.find(({ subject }) => subject === 'invoice:2026-W47:m1')?.about).toEqual(['m1']);
  });

  deepTest('is told of the states of events as they change, as the topic', async () => {
    const heard = listenTo(0);
    await eventually(() => heard.length > 0);
    await world.send(tell.payment('p2', 5_000, '2026-11-19T10:00:00Z', { campaignId: 'nowhere' }));
    await eventually(() => heard.some(({ topic, subject }) => topic === 'events' && subject === '*'));
  });

  it('is told to who comes back within five minutes, by any process, and as a whole after that', async () => {
    const before = String(Date.now());
    await world.send(tell.topUp('t2', 'm1', 500));
    const [back, late, odd] = [listenTo(1, before), listenTo(1, String(Date.now() - 301_000)), listenTo(1, 'x')];
    await eventually(() => back.some(({ subject }) => subject === 'model:m1'));
    for (const heard of [late, odd]) await eventually(() => heard.some(isWhole('payouts')));
    expect(back.some(isWhole('payouts'))).toBe(false);
  });

  deepTest('is told as the topic where too much was written', async () => {
    const at = new Date();
    const seals = Array.from({ length: MOST_WRITTEN }, (_, number) => ({
      ...{ _id: `flood-${number}`, order: `flood-${number}`, actor: 'ops', action: 'order.stop' },
      ...{ subject: `order:o${number}`, at, insertedAt: at },
    }));
    const heard = listenTo(0);
    await world.collection('audit_records').insertMany(seals);
    await eventually(() => heard.some(isWhole('orders')));
    expect(heard.filter(({ subject }) => subject.startsWith('order:'))).toEqual([]);
    await world.collection('audit_records').deleteMany({ action: 'order.stop' });
  });
});

describe('listeners', () => {
  it('are 200 for a process, and none once it stops', async () => {
    const [, second] = world.processes;
    const live = second?.live;
    let ended = 0;
    const listen = () => live?.listen(ignore, () => (ended += 1)) ?? null;
    // One function listens once: each has its own.
    const leaves = Array.from({ length: 200 }, () =>
      live?.listen(
        () => {},
        () => (ended += 1),
      ),
    );
    expect(leaves.every((leave) => typeof leave === 'function')).toBe(true);
    expect(listen()).toBeNull();
    leaves[0]?.();
    const last = listen();
    expect(last).not.toBeNull();
    await live?.stop();
    expect([ended, listen()]).toEqual([200, null]);
  });
});

function ignore(): void {}

function isWhole(topic: Change['topic']) {
  return (change: Change) => change.topic === topic && change.subject === '*';
}

/** What somebody hears in one of the processes. */
function listenTo(index: number, lastId?: string): Change[] {
  const heard: Change[] = [];
  const take = ({ changes }: Told): void => void heard.push(...changes);
  const leave = world.processes[index]?.live.listen(take, () => {}, lastId);
  if (leave) leaving.push(leave);
  return heard;
}
