import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { deepTest, sampleOf, timesOf } from '../support/depth.ts';
import { type TestEvent, tell } from '../support/events.ts';
import { by, createOrderWorld, type OrderWorld } from './world.ts';

/** How often two processes come together; in a few rounds of each kind they do. */
const ROUNDS = timesOf(20);

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld({ processes: 2 });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  await world.send(tell.topUp('t', 'M', 1_000_000));
});

/** Two services over one database, each a caller of its own. */
const services = () => world.processes.map(({ orders }) => orders);

/** Fans as they come to be judged. */
function qualified(events: TestEvent[]) {
  const facts = events.map(({ id, timestamp, data }) => ({
    ...{ eventId: id, timestamp: new Date(timestamp), arrivedAt: world.now() },
    data: { ...data, startedAt: new Date(timestamp) },
  }));
  // They are as the catalogue would have parsed them.
  return facts as unknown as Parameters<OrderWorld['orders']['qualify']>[0];
}

type Service = ReturnType<typeof services>[number];

/** Judges fans, and draws the consequences. */
async function qualify(service: Service | undefined, facts: ReturnType<typeof qualified>): Promise<void> {
  const advance = await service?.qualify(facts, world.now());
  await advance?.();
}

/** Where fans are judged without their subscriptions, `verify` says so of each of them. */
async function differencesOfJudged(): Promise<unknown[]> {
  return (await world.differences()).filter((line) => !String(line).includes('there is no subscription of that name'));
}

describe('two processes (rules 4.5, 4.9)', () => {
  test.each(
    sampleOf(
      [
        ['prepaid', { prepaid: true }],
        ['in chunks', { chunkSize: 7 }],
      ],
      1,
    ),
  )('64 senders at once: exactly the quantity counts, %s', async (_name, terms) => {
    await world.accepted('o', { quantity: 100, ...terms });
    const facts = world.fans('o', 0, 320);
    const senders = Array.from({ length: 64 }, (_, sender) => facts.slice(sender * 5, sender * 5 + 5));
    await Promise.all([...senders.map((mine) => world.receive(...mine)), world.drain(), world.send(...facts)]);
    await world.drain();
    const verdicts = Object.values(await world.verdicts('o'));
    expect(verdicts.filter((verdict) => verdict === 'counted')).toHaveLength(100);
    expect(verdicts.filter((verdict) => verdict === 'surplus')).toHaveLength(220);
    expect(await world.view('o')).toMatchObject({ status: 'completed', delivered: 100, paid: 10_000, escrow: 0 });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('the two judge fans of one order side by side, over and over', async () => {
    await world.accepted('o', { quantity: 300, chunkSize: 10 });
    const facts = qualified(world.fans('o', 0, 400));
    const parts = Array.from({ length: 20 }, (_, part) => facts.filter((_fact, index) => index % 20 === part));
    await Promise.all(
      parts.map((part, index) => {
        const [first, second] = services();
        return qualify(index % 2 === 0 ? first : second, part);
      }),
    );
    expect(await world.view('o')).toMatchObject({ status: 'completed', delivered: 300, paid: 30_000 });
    expect(await differencesOfJudged()).toEqual([]);
  });

  test.each(
    sampleOf(
      [
        ['two subscriptions to one order', 'o', 'o'],
        ['two orders of one model', 'o', 'p'],
      ],
      1,
    ),
  )('a fan who comes twice in the same instant counts once: %s', async (_name, first, second) => {
    await world.send(tell.account('d', 'marketer'));
    await world.accepted('o', { quantity: 20 * ROUNDS, prepaid: true });
    await world.accepted('p', { quantity: 20 * ROUNDS, prepaid: true, marketerId: 'd' });
    for (let round = 0; round < ROUNDS; round += 1) {
      // Neither service has heard of what the other was told: nothing but the judging itself can tell them apart.
      const people = Array.from({ length: 10 }, (_, index) => `F${round}-${index}`);
      const through = (orderId: string, name: string) =>
        qualified(people.map((fanId) => tell.fan(`${fanId}-${name}`, orderId, world.now().toISOString(), { fanId })));
      const [one, two] = services();
      await Promise.all([qualify(one, through(first, 'a')), qualify(two, through(second, 'b'))]);
    }
    const verdicts = Object.values({ ...(await world.verdicts('o')), ...(await world.verdicts('p')) });
    expect(verdicts.filter((verdict) => verdict === 'counted')).toHaveLength(10 * ROUNDS);
    expect(verdicts.filter((verdict) => verdict === 'returning')).toHaveLength(10 * ROUNDS);
    expect(await world.balance('marketer:c').then(async (c) => c + (await world.balance('marketer:d')))).toBe(
      1_000 * ROUNDS,
    );
    expect(await differencesOfJudged()).toEqual([]);
  });

  test('who has counted for a model is found by the index that keeps it unique', async () => {
    const found = world.collection('order_fans').find({ modelId: { $in: ['M'] }, fanId: { $in: ['F'] } } as object);
    const plan = JSON.stringify(await found.explain('queryPlanner'));
    expect(plan).toContain('modelId_1_fanId_1');
    expect(plan).not.toContain('COLLSCAN');
  });

  test.each(sampleOf([true, false], 1))('accept, reject and cancel cross: one holds, prepaid %s', async (prepaid) => {
    await world.capacity(1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `o${round}`;
      await world.placed(id, { prepaid, marketerId: `c` });
      const [one, two] = services();
      await Promise.all([
        one?.accept(id, by, world.now()),
        two?.reject(id, by, world.now()),
        world.send(tell.orderCancelled(id, world.now().toISOString())),
        two?.accept(id, by, world.now()),
      ]);
    }
    const page = await world.orders.list({ limit: 50 }, world.now());
    const accepted = page.items.filter(({ acceptedAt }) => acceptedAt !== null);
    expect(accepted.filter(({ status }) => status === 'running')).toHaveLength(Math.min(1, accepted.length));
    expect(await world.balance('model:M')).toBe(1_000_000 - (prepaid ? 1_000 * accepted.length : 0));
    expect(await world.differences()).toEqual([]);
  });

  deepTest(
    'a prepaid order is accepted twice at once, and the balance covers it once: nobody hears of too little',
    async () => {
      await world.send(tell.account('N', 'model'), tell.account('c', 'marketer', { id: 'many', capacity: 50 }));
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = `o${round}`;
        await world.placed(id, { prepaid: true, modelId: 'N' });
        await world.send(tell.topUp(`n${round}`, 'N', 1_000));
        const outcomes = await Promise.all(
          [...services(), ...services()].map((one) => one.accept(id, by, world.now())),
        );
        const kinds = outcomes.map(({ kind }) => kind).sort();
        expect(kinds).toEqual(['accepted', 'already-accepted', 'already-accepted', 'already-accepted'].sort());
      }
      expect(await world.differences()).toEqual([]);
    },
  );

  deepTest('many accepted at once: each has its place, and no more run than the capacity allows', async () => {
    await world.send(tell.account('c', 'marketer', { id: 'more', at: '2026-02-01T00:00:00Z', capacity: 3 }));
    const ids = Array.from({ length: 20 }, (_, index) => `o${index}`);
    for (const id of ids) await world.placed(id);
    await Promise.all(ids.map((id, index) => services()[index % 2]?.accept(id, by, world.now())));
    const { items } = await world.orders.list({ limit: 50 }, world.now());
    expect(items.filter(({ status }) => status === 'running')).toHaveLength(3);
    const positions = items.flatMap(({ position }) => position ?? []).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
    await Promise.all(
      items
        .filter(({ status }) => status === 'running')
        .flatMap(({ orderId }) =>
          services().map((one) => one.stop(orderId, { actor: 'ops', reason: 'r' }, world.now())),
        ),
    );
    const after = await world.orders.list({ limit: 50 }, world.now());
    expect(after.items.filter(({ status }) => status === 'running')).toHaveLength(3);
    expect(await world.differences()).toEqual([]);
  });

  deepTest(
    'fans of queued orders that cross the end of what they wait for: each starts once, and all count',
    async () => {
      await world.capacity(1);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [first, second] = [`a${round}`, `b${round}`];
        await world.accepted(first);
        await world.accepted(second, { prepaid: true });
        await Promise.all([
          services()[1]?.stop(first, { actor: 'ops', reason: 'r' }, world.now()),
          world.send(...world.fans(second, 0, 3)),
          services()[0]?.stop(first, { actor: 'ops', reason: 'r' }, world.now()),
        ]);
        expect(await world.view(second)).toMatchObject({ status: 'running', delivered: 3, paid: 300 });
        await world.orders.stop(second, { actor: 'ops', reason: 'r' }, world.now());
        expect(await world.differences()).toEqual([]);
      }
    },
  );

  deepTest('a stop of a queued order that crosses its first fan: it is settled whole', async () => {
    await world.capacity(1);
    await world.accepted('runs');
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `o${round}`;
      await world.accepted(id, { prepaid: true });
      await Promise.all([
        world.send(...world.fans(id, 0, 3)),
        services()[1]?.stop(id, { actor: 'ops', reason: 'r' }, world.now()),
      ]);
      const { status, delivered, paid, escrow, startedAt } = await world.view(id);
      expect({ status, paid, escrow, hasStarted: startedAt !== null }).toEqual({
        ...{ status: 'stopped', paid: delivered * 100, escrow: 0, hasStarted: delivered > 0 },
      });
    }
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a stop that crosses fans: what counts is paid, the rest returns', async () => {
    for (const round of [0, 1, 2, 3].slice(0, ROUNDS)) {
      const id = `o${round}`;
      await world.accepted(id, { quantity: 50, prepaid: true });
      const facts = world.fans(id, 0, 60);
      const half = world.send(...facts.slice(0, 20));
      await Promise.all([
        half,
        world.send(...facts.slice(20)),
        half.then(() => services()[1]?.stop(id, { actor: 'ops', reason: 'r' }, world.now())),
      ]);
      const { status, delivered, paid, escrow } = await world.view(id);
      expect(['completed', 'stopped']).toContain(status);
      expect({ paid, escrow }).toEqual({ paid: delivered * 100, escrow: 0 });
    }
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a termination that crosses acceptances leaves no order queued or running', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `o${index}`);
    for (const id of ids) await world.placed(id);
    const [one, two] = world.processes;
    await Promise.all([
      ...ids.map((id) => one?.orders.accept(id, by, world.now())),
      two?.standing.standings.terminate('M', { actor: 'ops', reason: 'enough' }, world.now()),
    ]);
    const { items } = await world.orders.list({ limit: 50 }, world.now());
    expect(new Set(items.map(({ status }) => status))).not.toContain('queued');
    expect(new Set(items.map(({ status }) => status))).not.toContain('running');
    expect(await world.differences()).toEqual([]);
  });
});
