import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Core } from '../../src/core.ts';
import type { OutgoingMessage } from '../../src/outgoing/outgoing.ts';
import { createPost } from '../../webhooks/outgoing/post.ts';
import { createOutgoingWorker } from '../../webhooks/outgoing/worker.ts';
import { settled, sold } from '../affiliates/world.ts';
import { clocksApart, takes } from '../support/clocksApart.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { startPlatformReceiver } from '../support/platformReceiver.ts';
import { saying } from '../support/webhookData.ts';
import { createWorld, PLATFORM, SECRET } from '../support/world.ts';

const BY = { actor: 'ops' };
const START = '2026-03-02T00:00:00Z';

const world = await createWorld({ environment: PLATFORM, processes: 2 });
const receiver = await startPlatformReceiver(SECRET, { anyData: true });
afterAll(async () => {
  await receiver.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset(START);
  receiver.taken.length = 0;
  await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'), tell.account('A', 'affiliate'));
});

/** What the platform has of a subject, in the order in which it came, sent by the process whose clock is behind. */
async function received(subject: string): Promise<string[]> {
  const post = createPost({ url: receiver.url, secret: SECRET });
  const { outgoing, clock } = world.processes[1] ?? world.core;
  const worker = createOutgoingWorker({
    outgoing,
    post,
    random: () => 0.5,
    clock,
    onError: (e) => world.errors.push(e),
  });
  // The message of a process that is ahead is due when the clock behind has come there.
  world.pin(new Date(world.clock.now().getTime() + 10_000));
  await worker.drain();
  await worker.stop();
  const mine = receiver.taken.filter((one) => one.subject === subject);
  expect(mine.map(({ sequence }) => sequence)).toEqual(mine.map((_, index) => index + 1));
  expect(await world.core.verify()).toEqual([]);
  expect(world.errors).toEqual([]);
  return mine.map(({ type }) => type);
}

describe('with clocks 5 s apart the platform reads in the order of decisions', () => {
  deepTest('of an order that is accepted by one process and stopped by the other', async () => {
    const { ahead, behind } = clocksApart(world);
    await behind(0, takes(tell.order('o', { placedAt: START }), tell.order('p', { placedAt: START })));
    await ahead(1, (core, now) => core.orders.accept('o', BY, now));
    await behind(2, (core, now) => core.orders.stop('o', { ...BY, reason: 'bots' }, now));
    await behind(3, (core, now) => core.orders.accept('p', BY, now));
    await ahead(4, (core, now) => core.orders.stop('p', { ...BY, reason: 'bots' }, now));
    expect(await received('order:o')).toEqual(['order.accepted', 'order.started', 'order.stopped']);
    expect(await received('order:p')).toEqual(['order.accepted', 'order.started', 'order.stopped']);
  });

  deepTest('of an order that both deliver, and its charges', async () => {
    const { ahead, behind } = clocksApart(world);
    const fan = (number: number) => tell.fan(`s${number}`, 'o', '2026-03-02T00:00:08Z');
    await behind(0, takes(tell.order('o', { placedAt: START, quantity: 2, chunkSize: 1 })));
    await ahead(1, (core, now) => core.orders.accept('o', BY, now));
    await behind(8, takes(fan(1)));
    await ahead(9, takes(tell.topUp('t1', 'M', 100)));
    await behind(10, takes(fan(2)));
    await ahead(11, takes(tell.topUp('t2', 'M', 100)));
    expect(await received('order:o')).toEqual([
      ...['order.accepted', 'order.started', 'charge.owed', 'order.progressed', 'order.progressed', 'charge.paid'],
      ...['charge.owed', 'order.progressed', 'order.progressed', 'order.completed', 'charge.paid'],
    ]);
  });

  deepTest('of a model: its invoices and its standing', async () => {
    await world.send(tell.campaign('C', 'M', 'c', 5_000));
    await world.send(tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'C' }));
    await world.travelTo('2026-03-12T05:59:00Z');
    const { ahead, behind } = clocksApart(world);
    await ahead(60, async (core, now) => void (await core.standing.dunning.run(now)));
    await behind(70, (core, now) => core.standing.standings.terminate('M', { ...BY, reason: 'late' }, now));
    await ahead(71, takes(tell.topUp('t1', 'M', 500)));
    expect(await received('model:M')).toEqual([
      ...['invoice.issued', 'invoice.overdue', 'trust.changed', 'campaigns.paused'],
      ...['cpl_orders.blocked', 'partnership.terminated', 'invoice.completed'],
    ]);
  });

  deepTest('of an affiliate: commissions and payouts', async () => {
    await world.send(...sold('s1', 'A', '2026-02-28T00:00:00Z'), ...sold('s2', 'A', '2026-02-28T00:00:00Z'));
    await world.travelTo('2026-03-04T00:00:00Z');
    const { ahead, behind } = clocksApart(world);
    const charge = (id: string, subscriptionId: string) =>
      tell.payment(id, 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId });
    await ahead(1, takes(charge('p1', 's1')));
    await behind(2, takes(tell.refund('r1', 'p1', 1_000, '2026-03-04T00:00:01Z')));
    await behind(3, takes(charge('p2', 's2')));
    await ahead(4 * 86_400, async (core, now) => void (await core.affiliates.commissions.approve(now)));
    await behind(12 * 86_400 + 1, async (core, now) => {
      await core.affiliates.cycles.run(now);
    });
    await ahead(12 * 86_400 + 2, takes(settled('2026-03-16:A', '2026-03-16T00:00:00Z')));
    expect(await received('affiliate:A')).toEqual([
      ...['commission.pending', 'commission.rejected', 'commission.pending', 'commission.approved'],
      ...['payout.due', 'payout.settled'],
    ]);
  });
});

describe('a process that is slow to tell', () => {
  /** Holds up what a process tells of these types until it is let go. */
  function slow(core: Core, ...types: OutgoingMessage['type'][]) {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { emit } = core.outgoing;
    let isHolding = false;
    vi.spyOn(core.outgoing, 'emit').mockImplementation(async (list, now) => {
      if (list.some(({ type }) => types.includes(type))) {
        isHolding = true;
        await held;
      }
      await emit(list, now);
    });
    return { release, holding: () => eventually(() => isHolding) };
  }

  deepTest('comes too late for nothing: an acceptance that another process stops meanwhile', async () => {
    const [one, other] = world.processes;
    if (one === undefined || other === undefined) throw new Error('two processes');
    await world.send(tell.order('o', { placedAt: START }));
    const { release, holding } = slow(one, 'order.accepted');
    const accepting = one.orders.accept('o', BY, world.clock.now());
    await holding();
    await other.orders.stop('o', { ...BY, reason: 'bots' }, world.clock.now());
    release();
    await accepting;
    expect(await received('order:o')).toEqual(['order.accepted', 'order.started', 'order.stopped']);
  });

  deepTest('nor a charge that is paid meanwhile', async () => {
    const [one, other] = world.processes;
    if (one === undefined || other === undefined) throw new Error('two processes');
    await world.send(tell.order('o', { placedAt: START, quantity: 2, chunkSize: 1 }));
    await other.orders.accept('o', BY, world.clock.now());
    const { release, holding } = slow(one, 'charge.owed');
    const fan = takes(tell.fan('s1', 'o', START))(one);
    await holding();
    await other.ledger.append([topUp()]);
    await other.orders.debts(['M']).then(([debt]) => debt?.pay(world.clock.now()));
    release();
    await fan;
    await world.collection('ledger_entries').deleteOne({ _id: topUp().entryId });
    expect((await types('order:o')).filter((type) => type.startsWith('charge'))).toEqual([
      'charge.owed',
      'charge.paid',
    ]);
  });

  deepTest('nor an invoice that goes overdue and is paid meanwhile, nor what follows for the standing', async () => {
    const [one, other] = world.processes;
    if (one === undefined || other === undefined) throw new Error('two processes');
    await world.send(tell.campaign('C', 'M', 'c', 5_000));
    await world.send(tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'C' }));
    await world.travelTo('2026-03-12T05:59:00Z');
    world.pin('2026-03-12T06:00:05Z');
    const { release, holding } = slow(one, 'invoice.overdue');
    const dunning = one.standing.dunning.run(world.clock.now());
    await holding();
    await other.standing.refreshStanding(['M'], world.clock.now());
    await takes(tell.topUp('t1', 'M', 500))(other);
    release();
    await dunning;
    expect(await received('model:M')).toEqual([
      ...['invoice.issued', 'invoice.overdue', 'trust.changed', 'campaigns.paused'],
      ...['invoice.completed', 'campaigns.resumed'],
    ]);
  });

  function topUp() {
    const postings = [
      { account: 'model:M', amount: 100 },
      { account: 'world:topups', amount: -100 },
    ];
    return { entryId: 'topup:now', book: 'model:M', postings, effectiveAt: world.clock.now() };
  }

  async function types(subject: string): Promise<string[]> {
    const found = await world.collection('outgoing_webhooks').find({ subject }).sort({ sequence: 1 }).toArray();
    return found.map((one) => ('type' in one ? String(one.type) : ''));
  }
});

describe('numbers', () => {
  const message = (number: number, subject = 'model:M'): OutgoingMessage => {
    const data = saying({ number });
    return { key: `${subject}:${number}`, subject, type: 'trust.changed', at: world.clock.now(), data };
  };

  test('are without a gap and taken once, whoever stores at the same moment, and each process stays in its order', async () => {
    const subjects = ['model:M', 'model:N'];
    await Promise.all(
      world.processes.flatMap(({ outgoing }, index) =>
        [0, 1, 2, 3].map((batch) => {
          const numbers = [0, 1, 2].map((each) => each + 3 * batch + (index === 0 ? 0 : 6));
          return outgoing.emit(
            numbers.flatMap((number) => subjects.map((subject) => message(number, subject))),
            world.clock.now(),
          );
        }),
      ),
    );
    expect(await world.core.outgoing.verify()).toEqual([]);
    for (const subject of subjects) {
      const found = await world.collection('outgoing_webhooks').find({ subject }).sort({ sequence: 1 }).toArray();
      const numbers = found.map((one) => Number(/\d+(?=:[^:]*$)/.exec(one._id)?.[0]));
      expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, index) => index));
      for (const batch of [0, 3, 6, 9, 12, 15]) {
        const own = numbers.filter((number) => number >= batch && number < batch + 3);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
  });

  test('that are missing or there twice are differences', async () => {
    await world.core.outgoing.emit(
      [1, 2, 3].map((number) => message(number)),
      world.clock.now(),
    );
    const stored = world.collection('outgoing_webhooks');
    const [second] = await stored.find({ sequence: 2 }).toArray();
    await stored.deleteOne({ sequence: 2 });
    expect(await world.core.outgoing.verify()).toEqual(['outgoing_webhooks of model:M: number 3 comes after number 1']);
    await stored.insertOne({ ...second, _id: second?._id ?? '' });
    await stored.deleteOne({ sequence: 1 });
    expect(await world.core.outgoing.verify()).toEqual(['outgoing_webhooks of model:M: number 2 comes after nothing']);
  });

  test('need not be there: what an earlier version has stored is sent first, in its order', async () => {
    const stored = world.collection('outgoing_webhooks');
    await world.core.outgoing.emit(
      [1, 2].map((number) => message(number)),
      world.clock.now(),
    );
    await stored.updateMany({}, { $unset: { sequence: '' } });
    await world.core.outgoing.emit([message(3)], world.clock.now());
    expect(await world.core.outgoing.verify()).toEqual([]);
    const post = createPost({ url: receiver.url, secret: SECRET });
    const { outgoing, clock } = world.core;
    const worker = createOutgoingWorker({
      outgoing,
      post,
      random: () => 0.5,
      clock,
      onError: (e) => world.errors.push(e),
    });
    await worker.drain();
    await worker.stop();
    expect(receiver.taken.map(({ data }) => data.number)).toEqual([1, 2, 3]);
  });
});
