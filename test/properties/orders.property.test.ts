import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { type TestEvent, tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { expectedOrders, type OrderOutcome, type OrderStep } from '../support/orderModel.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';
import { type Insist, once } from './play.ts';
import { insistent, plansOf, runsOf } from './runs.ts';

const { runs, parameters } = runsOf(8);
const TIMEOUT_MS = 120_000 + runs * 10_000;
const START = Date.parse('2026-03-02T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const by = { actor: 'ops', reason: 'so decided' };

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  // What marketers earn stays where the model can see it, over paydays, too.
  world = await createWorld({ processes: 2, eventsPerBatch: 5, policy: { payouts: { marketers: false } } });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

const order = fc.nat(3).map((index) => `o${index}`);
const anyOrder = fc.oneof({ weight: 6, arbitrary: order }, { weight: 1, arbitrary: order.map((id) => `${id}~r2`) });
const model = fc.constantFrom('M0', 'M1');
const marketer = fc.constantFrom('c0', 'c1');
const person = fc.nat(40).map((index) => `F${index}`);
const limit = fc.integer({ min: 1, max: 3 });
const back = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 90);

/** A step before it has its instant; `gap` is how long after the one before, in minutes. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 80 }) }) },
  // Long enough for warnings, or for an idle order's end; now and then to the hour.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      hours: fc.oneof(fc.integer({ min: 300, max: 800 }), fc.constantFrom(480, 648, 720)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('topUp' as const), model, amount: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('accept' as const), order: anyOrder }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('reject' as const, 'cancel' as const, 'violate' as const, 'stop' as const),
      order: anyOrder,
    }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('fan' as const),
      order: anyOrder,
      person,
      back,
      flag: fc.constantFrom(
        null,
        null,
        null,
        null,
        null,
        null,
        'bot' as const,
        'returning' as const,
        'M0' as const,
        'M1' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('elsewhere' as const), model, person, back }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('capacity' as const), marketer, capacity: fc.option(limit) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('terminate' as const), model, really: fc.nat(5) }) },
);

const place = fc.record({
  kind: fc.constant('place' as const),
  model,
  marketer,
  quantity: fc.integer({ min: 1, max: 5 }),
  price: fc.integer({ min: 1, max: 60 }),
  prepaid: fc.boolean(),
  chunk: fc.option(fc.integer({ min: 1, max: 5 })),
  renew: fc.boolean(),
});

const mostly = fc.constantFrom(true, true, true, false);

const histories = fc
  .record({
    places: fc.array(fc.record({ place, after: fc.nat(20), isAccepted: mostly }), { minLength: 2, maxLength: 4 }),
    steps: fc.array(step, { minLength: 20, maxLength: 70 }),
  })
  .map(({ places, steps }) => dated(merged(places, steps)));

type Draft =
  | (typeof step extends fc.Arbitrary<infer T> ? T : never)
  | (typeof place extends fc.Arbitrary<infer T> ? T & { order: string } : never);

function merged(
  places: { place: Parameters<typeof named>[0]; after: number; isAccepted: boolean }[],
  steps: Draft[],
): Draft[] {
  const all = [...steps];
  places.forEach(({ place: one, after, isAccepted }, index) => {
    const placed = named(one, index);
    const accepted: Draft[] = isAccepted ? [{ kind: 'accept', order: placed.order }] : [];
    all.splice(Math.min(index === 0 ? 0 : after, all.length), 0, placed, ...accepted);
  });
  return all;
}

function named(one: typeof place extends fc.Arbitrary<infer T> ? T : never, index: number) {
  return { ...one, order: `o${index}`, chunk: one.chunk === null ? null : Math.min(one.chunk, one.quantity) };
}

/** Every step at an instant of its own, a minute after the one before. */
function dated(drafts: Draft[]): OrderStep[] {
  let at = START;
  const ids: string[] = [];
  return drafts.flatMap((draft, index): OrderStep[] => {
    at += draft.kind === 'wait' ? draft.hours * HOUR : MINUTE;
    switch (draft.kind) {
      case 'fan':
      case 'elsewhere': {
        const { back: minutes, ...rest } = draft;
        ids.push(`s${index}`);
        return [{ ...rest, id: `s${index}`, startedAt: at - minutes * MINUTE, at } as OrderStep];
      }
      case 'again': {
        const id = ids[draft.pick % Math.max(1, ids.length)];
        return id === undefined ? [] : [{ kind: 'again', id, at }];
      }
      case 'terminate':
        return draft.really === 0 ? [{ kind: 'terminate', model: draft.model, at }] : [];
      case 'wait':
        return [{ kind: 'wait', at }];
      default:
        return [{ ...draft, at }];
    }
  });
}

async function play(steps: OrderStep[], insist: Insist = once): Promise<void> {
  await world.reset(new Date(START));
  await world.linked('c0', 'telegram', 'c0');
  const people = ['M0', 'M1'].map((id) => tell.account(id, 'model'));
  await world.send(...people, tell.account('c0', 'marketer'), tell.account('c1', 'marketer'));
  const told = new Map<string, TestEvent>();
  for (const [index, one] of steps.entries()) {
    await insist(() => world.travelTo(new Date(one.at)));
    const event = eventOf(one, index, told);
    if (event === null) await insist(() => act(one));
    else {
      await insist(() => world.receive(event));
      await insist(() => world.drain());
    }
  }
  await insist(repair);
  await insist(() => world.drain());
}

async function repair(): Promise<void> {
  await world.core.invoicing.invoices.reconcile();
  await world.core.standing.repair();
  await world.core.orders.repair(world.clock.now());
}

async function act(one: OrderStep): Promise<unknown> {
  const now = new Date(one.at);
  const { orders, standing, inboxWorker } = world.core;
  switch (one.kind) {
    case 'accept':
      await orders.accept(one.order, by, now);
      return inboxWorker.drain();
    case 'reject':
      return orders.reject(one.order, by, now);
    case 'stop':
      return orders.stop(one.order, by, now);
    case 'terminate':
      return standing.standings.terminate(one.model, by, now);
    default:
      return undefined;
  }
}

function eventOf(one: OrderStep, index: number, told: Map<string, TestEvent>): TestEvent | null {
  const at = new Date(one.at).toISOString();
  switch (one.kind) {
    case 'topUp':
      return tell.topUp(`t${index}`, one.model, one.amount);
    case 'place':
      return tell.order(one.order, {
        ...{ placedAt: at, modelId: one.model, marketerId: one.marketer, quantity: one.quantity },
        ...{ pricePerFan: one.price, prepaid: one.prepaid, autoRenew: one.renew },
        ...(one.chunk === null ? {} : { chunkSize: one.chunk }),
      });
    case 'cancel':
      return tell.orderCancelled(one.order, at, { id: `cancel-${index}` });
    case 'violate':
      return tell.violation(one.order, at, { id: `violate-${index}` });
    case 'fan': {
      const startedAt = new Date(one.startedAt).toISOString();
      const more = flagsOf(one.flag);
      return kept(told, one.id, tell.fan(one.id, one.order, startedAt, { fanId: one.person, ...more }));
    }
    case 'elsewhere': {
      const startedAt = new Date(one.startedAt).toISOString();
      return kept(told, one.id, tell.subscription(one.id, { fanId: one.person, modelId: one.model, startedAt }));
    }
    case 'again': {
      const event = told.get(one.id);
      return event === undefined ? null : { ...event, id: `again-${index}` };
    }
    case 'capacity':
      return tell.account(one.marketer, 'marketer', {
        id: `capacity-${index}`,
        at,
        ...(one.capacity === null ? {} : { capacity: one.capacity }),
      });
    default:
      return null;
  }
}

function flagsOf(flag: Extract<OrderStep, { kind: 'fan' }>['flag']) {
  if (flag === 'bot') return { fan: { bot: true } };
  if (flag === 'returning') return { fan: { returning: true } };
  return flag === null ? {} : { modelId: flag };
}

function kept(told: Map<string, TestEvent>, id: string, event: TestEvent): TestEvent {
  told.set(id, event);
  return event;
}

async function outcome(): Promise<OrderOutcome> {
  const { items } = await world.core.orders.list({ limit: 500 }, world.clock.now());
  const orders = items.map(
    ({ orderId, status, delivered, paid, owed, escrow, position, renewalOf, renewedBy, ...rest }) => {
      const [startedAt, endedAt] = [rest.startedAt?.getTime() ?? null, rest.endedAt?.getTime() ?? null];
      const times = { startedAt, startedBy: rest.startedBy, endedAt };
      return [orderId, { status, delivered, paid, owed, escrow, position, ...times, renewalOf, renewedBy }];
    },
  );
  const fans = await world
    .collection('order_fans')
    .find({ verdict: { $ne: 'end' } } as object)
    .toArray();
  const rows = await world
    .collection('ledger_entries')
    .aggregate<{ _id: string; amount: number }>([
      { $unwind: '$postings' },
      { $group: { _id: '$postings.account', amount: { $sum: '$postings.amount' } } },
    ])
    .toArray();
  const warnings = await outboxOf(world.collection, { 'content.kind': 'order.idle' });
  return {
    orders: Object.fromEntries(orders),
    warnings: warnings.map(({ _id }) => /^order:(.+):marketer>/.exec(_id)?.[1]?.replace(':idle:', ':') ?? _id).sort(),
    // The documents are read as they are stored, without the product's types.
    verdicts: Object.fromEntries(fans.map((fan) => [fan._id, (fan as unknown as { verdict: string }).verdict])),
    balances: Object.fromEntries(rows.filter(({ amount }) => amount !== 0).map(({ _id, amount }) => [_id, amount])),
  };
}

async function expectModel(steps: OrderStep[]): Promise<void> {
  const { warnings, ...expected } = expectedOrders(steps);
  const marketers = new Map(steps.flatMap((one) => (one.kind === 'place' ? [[one.order, one.marketer]] : [])));
  const ofChat = warnings.filter((warning) => marketers.get(warning.split(/[:~]/)[0] ?? '') === 'c0');
  expect(await outcome()).toEqual({ ...expected, warnings: ofChat });
  expect(await world.core.verify()).toEqual([]);
}

deepTest('orders come to what the rules say', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (steps) => {
      await play(steps);
      expect(world.errors).toEqual([]);
      await expectModel(steps);
    }),
    parameters,
  );
});

const plans = plansOf({ between: 80, most: 14 });

deepTest(
  'writes that fail before, after, half or without an answer change nothing of orders',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, plans, async (steps, plan) => {
        await play(steps, insistent(plan, { faults, world, repair }));
        faults.plan([]);
        await expectModel(steps);
      }),
      parameters,
    );
  },
);
