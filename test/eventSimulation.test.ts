import fc from 'fast-check';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEventSimulations, SimulationTooLarge, TooManySimulations } from '../src/eventSimulation.ts';
import { EVENT_TYPES, SOURCE_EVENT } from '../src/events/catalogue.ts';
import { effectsOf, type SimulatedChange, type SimulatedEffects } from '../src/simulation/eventChanges.ts';
import { charge, invoice, stripeEvent, subscription } from './sources/stripe/events.ts';
import { receiveBody } from './sources/stripe/world.ts';
import { deepTest, seed, timesOf } from './support/depth.ts';
import { type TestEvent, tell } from './support/events.ts';
import { createWorld, type World } from './support/world.ts';

/** In full, each of some nine hundred events is compared with all that is stored before and after it. */
const DEEP_MS = 900_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('what a replay would change', () => {
  it('is what the replay then changes, also of what a source sent and what is made of it', async () => {
    await world.reset('2026-03-08T00:00:00Z');
    await world.send(tell.account('aff', 'affiliate'));
    const [trial, paid] = ['2026-03-02T10:00:00Z', '2026-03-05T10:00:00Z'];
    for (const event of [
      stripeEvent(
        'customer.subscription.created',
        trial,
        subscription('sub_1', trial, { metadata: { affiliate: 'aff' } }),
      ),
      stripeEvent(
        'invoice.paid',
        paid,
        invoice('in_1', 'sub_1', paid, 1_000, { billing_reason: 'subscription_cycle' }),
      ),
      stripeEvent('charge.refunded', paid, charge('in_1', 1_000, 100)),
    ]) {
      await receiveBody(world, 'stripe', JSON.stringify(event));
      const stored = await world.collection('events').findOne({ type: SOURCE_EVENT, status: 'received' } as object);
      await foretoldOf(stored?._id ?? '');
    }
    expect(
      await world.collection('events').countDocuments({ type: { $ne: SOURCE_EVENT }, status: 'applied' } as object),
    ).toBeGreaterThan(1);
    expect(world.errors).toEqual([]);
  });

  deepTest(
    'is what the replay then changes, for every type of event, in whatever order they come',
    async () => {
      const types = new Set<string>();
      for (let run = 0; run < timesOf(20); run += 1) {
        await world.reset('2026-03-02T07:00:00Z');
        for (const { event, at } of historyOf(seed + run)) {
          if (at !== undefined) await world.travelTo(at);
          if (event !== undefined) {
            types.add(event.type);
            await foretold(event);
          }
        }
        expect(world.errors).toEqual([]);
        expect(await world.core.verify()).toEqual([]);
      }
      expect([...types].sort()).toEqual([...EVENT_TYPES].sort());
    },
    DEEP_MS,
  );
});

it('sends the database questions alone, also where much would change', async () => {
  await world.reset('2026-03-02T07:00:00Z');
  await world.send(tell.account('M', 'model'));
  const weeks = Array.from({ length: 20 }, (_, index) => `2025-W${index + 10}`);
  for (const week of weeks) await world.issue('M', week);
  await world.receive(tell.topUp('much', 'M', weeks.length * 4_108));
  const simulations = simulationsWithin({ patienceMs: 60_000, mostMs: 60_000 });
  const { result, sent } = await sentDuring(() => simulations.replay('topup-much'));
  expect(result).toMatchObject({ outcome: 'applied' });
  expect((result as SimulatedEffects).changes.length).toBeGreaterThan(weeks.length);
  expect(sent.map(({ commandName }) => commandName)).toContain('find');
  expect(sent.filter((one) => !isQuestion(one))).toEqual([]);
  // What is asked again is not sent again: of each invoice a few are, and not each time it is looked at.
  expect(sent.length).toBeLessThan(weeks.length * 10);
  // In earnest, what is watched does see writes.
  const done = await sentDuring(() => world.core.inbox.replay('topup-much').then(world.drain));
  const written = done.sent.filter((one) => !isQuestion(one)).map(({ commandName }) => commandName);
  expect(written).toEqual(expect.arrayContaining(['insert', 'update']));
});

it('shows neither how somebody is paid nor what is encrypted, and leaves no key behind', async () => {
  await world.reset('2026-03-02T07:00:00Z');
  const paypal = { method: 'paypal', email: 'frances@example.com', currency: 'USD' };
  await world.send(tell.account('f', 'affiliate'), tell.payee('unknown', 'lee', paypal));
  await world.travelTo('2026-03-10T00:00:00Z');
  await world.receive(tell.payee('f1', 'f', paypal));
  const { eventSimulations: simulations } = world.core;
  const { result: first, sent } = await sentDuring(() => simulations.replay('payee-f1'));
  expect(changeIn(first, 'payee:f')).toEqual({ subject: 'payee:f', action: 'added', before: null, after: {} });
  const { result: dismissed, sent: also } = await sentDuring(() =>
    simulations.dismiss('payee-unknown', { by: 'api:test', reason: 'Frances has no account' }),
  );
  expect(changeIn(dismissed, 'event:payee-unknown')).toMatchObject({ after: { dismissed: { reason: '…' } } });
  expect([...sent, ...also].filter((one) => !isQuestion(one))).toEqual([]);
  await world.drain();
  await world.receive(tell.payee('f2', 'f', { ...paypal, email: 'new@example.com', at: '2026-01-02T00:00:00Z' }));
  const second = await simulations.replay('payee-f2');
  expect(changeIn(second, 'payee:f')).toEqual({ subject: 'payee:f', action: 'changed', before: {}, after: {} });
  expect(JSON.stringify([first, dismissed, second])).not.toMatch(/Frances|example|paypal|enc1 /);
});

it('says nothing where it would take more memory, or more time, than there is for one', async () => {
  await world.reset('2026-03-02T07:00:00Z');
  await world.send(tell.account('M', 'model'));
  for (const week of ['2025-W01', '2025-W02', '2025-W03']) await world.issue('M', week);
  await world.receive(tell.topUp('much', 'M', 3 * 4_108));
  await expect(simulationsWithin({ documents: 2 }).replay('topup-much')).rejects.toBeInstanceOf(SimulationTooLarge);
  await expect(simulationsWithin({ mostMs: 1 }).replay('topup-much')).rejects.toBeInstanceOf(SimulationTooLarge);
});

it('lets few wait for their turn, and refuses others', async () => {
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => world.core.eventSimulations.replay('none')));
  const refused = all.filter((one) => one.status === 'rejected' && one.reason instanceof TooManySimulations);
  expect(refused).toHaveLength(3);
  expect(await world.core.eventSimulations.replay('none')).toEqual({ kind: 'not-found' });
});

it('fails where the overlay lacks what is asked of it, and says no outcome', async () => {
  const lacking = createEventSimulations({
    connection: world.connection,
    imagine: (connection) => ({
      ...world.core,
      inbox: {
        ...world.core.inbox,
        replay: async () => {
          await connection.db
            ?.collection('events')
            .drop()
            .catch(() => undefined);
          return { kind: 'not-found' };
        },
      },
    }),
  });
  await expect(lacking.replay('none')).rejects.toThrow(/has no drop/);
});

function simulationsWithin(limits: { documents?: number; patienceMs?: number; mostMs?: number }) {
  return createEventSimulations({ connection: world.connection, imagine: world.coreOver, limits });
}

/** What the server was sent while this was done. */
async function sentDuring<T>(work: () => Promise<T>): Promise<{ result: T; sent: mongo.CommandStartedEvent[] }> {
  const sent: mongo.CommandStartedEvent[] = [];
  const note = (command: mongo.CommandStartedEvent) => sent.push(command);
  const client = world.connection.getClient();
  client.on('commandStarted', note);
  try {
    return { result: await work(), sent };
  } finally {
    client.off('commandStarted', note);
  }
}

const QUESTIONS = new Set(['find', 'aggregate', 'getMore', 'killCursors']);

function isQuestion({ commandName, command }: mongo.CommandStartedEvent): boolean {
  const stages: object[] = command.pipeline ?? [];
  return QUESTIONS.has(commandName) && !stages.some((stage) => '$out' in stage || '$merge' in stage);
}

function changeIn(simulated: object, subject: string): SimulatedChange | undefined {
  return (simulated as SimulatedEffects).changes.find((change) => change.subject === subject);
}

/** Compares what is said of an event with what it then does, and sees that saying it writes nothing. */
async function foretold(event: TestEvent): Promise<void> {
  await world.receive(event);
  await foretoldOf(event.id);
}

async function foretoldOf(id: string): Promise<void> {
  const before = await dump();
  const simulated = await world.core.eventSimulations.replay(id);
  expect(await dump()).toEqual(before);
  const { audit, inbox } = world.core;
  const told = { actor: 'api:test', action: 'event.replay', subject: `event:${id}`, at: world.clock.now() } as const;
  await inbox.replay(id, () => audit.record(told));
  await world.drain();
  const done = await world.core.inbox.get(id);
  const after = await dump();
  const real = effectsOf(differences(before, after), id);
  expect({ event: id, ...inAnyOrder(simulated as unknown as SimulatedEffects) }).toEqual({
    event: id,
    ...inAnyOrder(real),
  });
  const outcomes = { applied: ['applied', 'unchanged'], waiting: ['waits'], quarantined: ['fails'] };
  expect(outcomes[done?.status as keyof typeof outcomes]).toContain('outcome' in simulated ? simulated.outcome : '');
}

function inAnyOrder({ changes, postings, then, more }: SimulatedEffects) {
  const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one, inOrder)).sort();
  const told = Object.fromEntries(Object.entries(then).map(([name, list]) => [name, sorted(list)]));
  return { changes: sorted(changes), postings: sorted(postings), told, more };
}

/** Documents are equal whatever the order of their fields. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

type Dumped = Record<string, unknown>;
type Dump = Map<string, Dumped>;

async function dump(): Promise<Dump> {
  const names = (await world.connection.listCollections()).map(({ name }) => name);
  const each = names.map((name) => ({
    $unionWith: { coll: name, pipeline: [{ $replaceWith: { collection: name, document: '$$ROOT' } }] },
  }));
  const all = world.collection('nothing').aggregate<{ collection: string; document: Dumped }>(each);
  const found: Dump = new Map();
  for await (const { collection, document } of all) {
    found.set(`${collection}\n${mongo.BSON.EJSON.stringify(document._id)}`, document);
  }
  return found;
}

function differences(before: Dump, after: Dump) {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was = null, is = null] = [before.get(key), after.get(key)];
    const collection = key.slice(0, key.indexOf('\n'));
    const isSame = mongo.BSON.EJSON.stringify([was]) === mongo.BSON.EJSON.stringify([is]);
    return isSame ? [] : [{ collection, id: (is ?? was)?._id, before: was, after: is }];
  });
}

type Step = { event?: TestEvent; at?: string };

/** A world of everything, told in an order that chance decides, with time going by in between. */
function historyOf(run: number): Step[] {
  const [march, soon, later] = ['2026-03-02T07:00:00Z', '2026-03-03T10:00:00Z', '2026-03-05T10:00:00Z'] as const;
  const people = [
    tell.account('M', 'model'),
    tell.account('N', 'model'),
    tell.account('c', 'marketer', { capacity: 1 }),
    tell.account('f', 'affiliate'),
    tell.account('boss', 'manager'),
    tell.payee('f1', 'f', { method: 'paypal', email: 'f@example.com', currency: 'USD' }),
    tell.campaign('A', 'M', 'c', 5_000),
    tell.campaign('B', 'N', 'c', 2_500),
    told('program.updated', 'program-P', march, {
      ...{ programId: 'P', kind: 'percent', rateBps: 2_000, charges: 'every', clawback: true },
    }),
  ];
  const sales = [
    tell.subscription('s1', { affiliateId: 'f', programId: 'P', modelId: 'M', fanId: 'g1' }),
    tell.subscription('s2', { modelId: 'M', fanId: 'g2', campaignId: 'A' }),
    told('subscription.attributed', 'attributed-s2', soon, {
      ...{ subscriptionId: 's2', affiliateId: 'f', programId: 'P', attributedAt: soon },
    }),
    told('subscription.cancelled', 'cancelled-s2', soon, { subscriptionId: 's2', cancelledAt: soon }),
    tell.payment('p1', 9_990, march, { campaignId: 'A', subscriptionId: 's1', kind: 'subscription' }),
    tell.payment('p2', 4_000, march, { campaignId: 'B' }),
    tell.payment('p3', 70_000, march, { campaignId: 'A' }),
    tell.payment('p4', 5_000, soon, { subscriptionId: 's1', kind: 'renewal' }),
    told('refund.requested', 'asked-r1', soon, { refundId: 'r1', paymentId: 'p1', requestedAt: soon }),
    told('refund.declined', 'declined-r1', later, { refundId: 'r1', declinedAt: later }),
    tell.refund('r2', 'p4', 2_000, soon),
    tell.refund('r3', 'p3', 500, soon),
    tell.refund('r4', 'p3', 90_000, soon),
  ];
  const orders = [
    tell.topUp('t1', 'M', 5_000),
    tell.topUp('t2', 'c', 100),
    tell.order('o1', { placedAt: march, quantity: 2, chunkSize: 1 }),
    tell.order('o2', { placedAt: march, prepaid: true }),
    tell.orderCancelled('o2', soon),
    tell.fan('x1', 'o1', soon, { modelId: 'M' }),
    tell.fan('x2', 'o1', soon, { modelId: 'M' }),
    tell.violation('o1', later),
  ];
  const afterMonday = [
    tell.topUp('t3', 'M', 10_000),
    tell.topUp('t4', 'N', 900_000),
    tell.topUp('t5', 'M', 100_000),
    tell.account('M', 'model', { id: 'M-again', at: '2026-03-12T00:00:00Z', name: 'Another' }),
    tell.order('o3', { placedAt: '2026-03-13T00:00:00Z', modelId: 'N', prepaid: true }),
    tell.payment('p1', 9_990, march, { id: 'p1-again', campaignId: 'B' }),
  ];
  const payoutId = '2026-03-16:f';
  const paydays = [
    told('payout.settled', 'settled', '2026-03-17T00:00:00Z', {
      payoutId,
      reference: 'w1',
      at: '2026-03-17T00:00:00Z',
    }),
    told('payout.failed', 'failed', '2026-03-17T00:00:00Z', {
      ...{ payoutId, reference: 'w1', reason: 'closed', at: '2026-03-17T00:00:00Z' },
    }),
    told('payout.returned', 'returned', '2026-03-18T00:00:00Z', {
      ...{ payoutId, reference: 'w1', reason: 'closed', at: '2026-03-18T00:00:00Z' },
    }),
    tell.refund('r5', 'p1', 1_000, '2026-03-04T00:00:00Z'),
  ];
  const shuffled = (events: TestEvent[], salt: number) =>
    fc.sample(fc.shuffledSubarray(events, { minLength: events.length }), { seed: run * 7 + salt, numRuns: 1 })[0] ?? [];
  const mixed = shuffled([...people, ...sales, ...orders], 1);
  return [
    ...mixed.map((event) => ({ event })),
    { at: '2026-03-13T09:00:00Z' },
    ...shuffled(afterMonday, 2).map((event) => ({ event })),
    { at: '2026-03-18T09:00:00Z' },
    ...shuffled(paydays, 3).map((event) => ({ event })),
  ];
}

function told(type: string, id: string, timestamp: string, data: Record<string, unknown>): TestEvent {
  return { id, type, timestamp, data };
}
