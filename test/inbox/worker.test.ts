import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { deepTest, sampleOf } from '../support/depth.ts';
import { type TestEvent, tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ processes: 3 });
});
afterAll(() => world.close());
beforeEach(() => world.reset('2026-03-02T00:00:00Z'));

const people = [tell.account('M', 'model'), tell.account('c', 'marketer')];
const campaign = tell.campaign('A', 'M', 'c', 5_000);
const payment = tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' });

async function states(): Promise<Record<string, string>> {
  const { items } = await world.core.inbox.list({ limit: 500 });
  return Object.fromEntries(items.map(({ eventId, status }) => [eventId, status]));
}

async function stateOf(id: string): Promise<string | undefined> {
  return (await world.core.inbox.get(id))?.status;
}

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Not valid, though of a known type: somebody put it past the receiver. */
const poison = (id: string): TestEvent => ({ ...tell.topUp(id, 'M', 1), id, data: { topUpId: id, amount: 'much' } });

describe('receiving (docs/integration.md)', () => {
  // On a busy machine whoever got no answer in time sends again, and may hear then that it is there.
  test('100 copies at once are one event', async () => {
    const receipts = await world.receive(...Array<TestEvent>(100).fill(payment));
    expect(receipts.filter((receipt) => receipt === 'accepted').length).toBeLessThanOrEqual(1);
    expect(receipts.filter((receipt) => receipt === 'duplicate').length).toBeGreaterThanOrEqual(99);
    expect(Object.keys(await states())).toEqual([payment.id]);
  });

  test('an id that comes with two contents in one batch is kept with one of them', async () => {
    const other = { ...payment, data: { ...payment.data, amount: 2 } };
    const receipts = await world.receive(payment, other, payment, other);
    expect(receipts.filter((receipt) => receipt === 'accepted').length).toBeLessThanOrEqual(1);
    expect(receipts.filter((receipt) => receipt !== 'conflict')).toHaveLength(2);
    expect(receipts.filter((receipt) => receipt === 'conflict')).toHaveLength(2);
    expect(await world.receive(payment, other)).toHaveLength(2);
    expect(Object.keys(await states())).toEqual([payment.id]);
  });

  test('what is not new does not keep what is new from being stored', async () => {
    await world.receive(payment);
    const fresh = Array.from({ length: 50 }, (_, index) => tell.topUp(`${index}`, 'M', 1));
    const receipts = await world.receive(payment, ...fresh, { ...payment, timestamp: '2026-03-04T00:00:00Z' });
    expect(receipts).toEqual(['duplicate', ...Array(50).fill('accepted'), 'conflict']);
  });
});

describe('waiting for what is not known yet (docs/integration.md)', () => {
  const chain = [...people, campaign, payment, tell.refund('r1', 'p1', 400, '2026-03-04T00:00:00Z')];

  test.each(
    sampleOf(
      permutations([0, 1, 2, 3, 4]).filter((_, index) => index % 7 === 0),
      1,
    ),
  )('in the order %i %i %i %i %i everything takes effect', async (...order) => {
    for (const index of order) await world.send(...chain.slice(index, index + 1));
    expect(new Set(Object.values(await states()))).toEqual(new Set(['applied']));
    await world.travelTo('2026-03-09T06:00:00Z');
    expect(await world.core.invoicing.invoices.get('2026-W10:M', world.clock.now())).toMatchObject({ total: 300 });
  });

  test('it says what for, and does not count as a try', async () => {
    await world.send(payment);
    expect(await world.core.inbox.get(payment.id)).toMatchObject({
      status: 'waiting',
      waitsFor: ['campaign:A'],
      attempts: 0,
      error: null,
    });
  });

  deepTest('several processes at once leave nothing waiting for what is here', async () => {
    const payments = Array.from({ length: 100 }, (_, index) =>
      tell.payment(`p${index}`, 10, '2026-03-03T00:00:00Z', { campaignId: `A${index % 10}` }),
    );
    const campaigns = Array.from({ length: 10 }, (_, index) => tell.campaign(`A${index}`, 'M', 'c', 5_000));
    await Promise.all([
      world.send(...payments.slice(0, 50)),
      world.send(...campaigns),
      world.send(...people),
      world.send(...payments.slice(50)),
    ]);
    await world.drain();
    expect(new Set(Object.values(await states()))).toEqual(new Set(['applied']));
  });

  deepTest('after seven days it is quarantined, and takes effect by itself when that arrives', async () => {
    await world.send(...people, payment);
    await world.travelTo('2026-03-08T23:59:59.999Z');
    expect(await stateOf(payment.id)).toBe('waiting');
    await world.travelTo('2026-03-09T00:00:00.000Z');
    expect(await world.core.inbox.get(payment.id)).toMatchObject({
      status: 'quarantined',
      error: expect.stringContaining('campaign:A'),
    });
    await world.send(campaign);
    expect(await world.core.inbox.get(payment.id)).toMatchObject({ status: 'applied', error: null, waitsFor: [] });
    await world.travelTo('2026-03-16T06:00:00Z');
    expect(await world.core.invoicing.invoices.get('2026-W10:M', world.clock.now())).toMatchObject({ total: 500 });
  });

  test('one that was woken from quarantine and still misses something is not excused for another seven days', async () => {
    const both = tell.payment('p2', 10, '2026-03-03T00:00:00Z', { campaignId: 'A', subscriptionId: 's1' });
    await world.send(...people, both);
    await world.travelTo('2026-03-10T00:00:00Z');
    await world.send(campaign);
    await world.travelTo('2026-03-10T00:00:01Z');
    expect(await stateOf(both.id)).toBe('quarantined');
    await world.send(tell.subscription('s1'));
    expect(await stateOf(both.id)).toBe('applied');
  });
});

describe('a quarantined event can be dismissed (docs/integration.md)', () => {
  const by = { by: 'ops', reason: 'a test of the platform' };

  async function quarantinedPayment() {
    await world.send(payment);
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await stateOf(payment.id)).toBe('quarantined');
  }

  test('alerts clear, and what it waited for no longer wakes it', async () => {
    await quarantinedPayment();
    expect(await world.core.inbox.dismiss(payment.id, by)).toMatchObject({ kind: 'dismissed' });
    expect((await world.core.inbox.counts()).quarantined).toBe(0);
    expect((await world.core.inbox.list({ status: 'quarantined', limit: 10 })).items).toEqual([]);
    await world.send(...people, campaign);
    expect(await world.core.inbox.get(payment.id)).toMatchObject({
      status: 'ignored',
      dismissed: { ...by, at: world.clock.now() },
    });
  });

  deepTest('a replay undoes it', async () => {
    await quarantinedPayment();
    await world.core.inbox.dismiss(payment.id, by);
    await world.send(...people, campaign);
    await world.core.inbox.replay(payment.id);
    await world.drain();
    expect(await world.core.inbox.get(payment.id)).toMatchObject({ status: 'applied', dismissed: null });
  });

  test('once, by the first; and nothing else can be dismissed', async () => {
    await quarantinedPayment();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => world.core.inbox.dismiss(payment.id, by)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['dismissed', ...Array(3).fill('dismissed-before')]);
    await world.send(...people);
    const applied = people[0]?.id ?? '';
    expect(await world.core.inbox.dismiss(applied, by)).toMatchObject({ kind: 'refused', state: 'applied' });
    expect(await world.core.inbox.dismiss('none', by)).toEqual({ kind: 'not-found' });
  });
});

describe('a top-up of an account that is no model (rules 1.11)', () => {
  const becomes = (role: 'model' | 'affiliate', at: string) => tell.account('X', role, { id: `x-${at}`, at });

  test.each(sampleOf(['affiliate', 'marketer', 'manager'] as const, 1))(
    '%s: it is quarantined at once, and moves no money',
    async (role) => {
      await world.send(tell.account('X', role), tell.topUp('t1', 'X', 500));
      expect(await world.core.inbox.get('topup-t1')).toMatchObject({
        status: 'quarantined',
        waitsFor: ['model:X'],
        error: 'X is no model, and only a model has a balance to top up',
      });
      expect((await world.core.ledger.entries({ limit: 1 })).items).toEqual([]);
      expect(await world.core.verify()).toEqual([]);
    },
  );

  test('an order of such a client waits likewise (rules 4.1)', async () => {
    await world.send(becomes('affiliate', '2026-02-01T00:00:00Z'), tell.account('K', 'marketer'));
    const data = { orderId: 'o', modelId: 'X', marketerId: 'K', offerId: 'a', quantity: 5, pricePerFan: 100 };
    const placedAt = '2026-02-02T00:00:00Z';
    const more = { prepaid: false, autoRenew: false, placedAt };
    await world.send({ id: 'order-o', type: 'order.placed', timestamp: placedAt, data: { ...data, ...more } });
    expect(await world.core.inbox.get('order-o')).toMatchObject({ status: 'quarantined', waitsFor: ['model:X'] });
    await world.send(becomes('model', '2026-03-01T00:00:00Z'));
    expect(await stateOf('order-o')).toBe('applied');
  });

  deepTest('takes effect, once, when the account is a model', async () => {
    await world.send(becomes('affiliate', '2026-02-01T00:00:00Z'), tell.topUp('t1', 'X', 500));
    // An older version changes nothing, and neither does another try.
    await world.send(becomes('model', '2026-01-01T00:00:00Z'));
    await world.core.inbox.replay('topup-t1', () =>
      world.core.audit.record({
        actor: 'ops',
        action: 'event.replay',
        subject: 'event:topup-t1',
        at: world.clock.now(),
      }),
    );
    await world.drain();
    expect(await stateOf('topup-t1')).toBe('quarantined');
    await world.travelTo('2026-03-20T00:00:00Z');
    await world.send(becomes('model', '2026-03-01T00:00:00Z'));
    expect(await world.core.inbox.get('topup-t1')).toMatchObject({ status: 'applied', error: null, waitsFor: [] });
    expect(await world.core.ledger.balance('model:X')).toBe(500);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('is quarantined alone, and found by a model that comes at the same moment', async () => {
    await world.send(becomes('affiliate', '2026-02-01T00:00:00Z'), tell.account('M', 'model'));
    const topUps = Array.from({ length: 60 }, (_, index) => tell.topUp(`t${index}`, index % 2 ? 'X' : 'M', 10));
    await Promise.all([world.send(...topUps), world.send(becomes('model', '2026-03-01T00:00:00Z'))]);
    await world.drain();
    expect(new Set(Object.values(await states()))).toEqual(new Set(['applied']));
    expect(await world.core.ledger.balance('model:X')).toBe(300);
  });
});

describe('what cannot be right is quarantined and holds up no other (docs/integration.md)', () => {
  deepTest('a fact that contradicts what is known fails five times', async () => {
    await world.send(...people, tell.topUp('t1', 'M', 100));
    const good = Array.from({ length: 30 }, (_, index) => tell.topUp(`good-${index}`, 'M', 10));
    await world.send(...good, { ...tell.topUp('t1', 'M', 999), id: 'bad' });
    expect(await world.core.inbox.get('bad')).toMatchObject({
      status: 'quarantined',
      attempts: 5,
      error: expect.stringContaining('topup:t1'),
    });
    expect(await world.core.ledger.balance('model:M')).toBe(400);
  });

  deepTest('the same facts again that name the platform’s currency are the same facts', async () => {
    const facts = [
      ...[tell.subscription('s1'), tell.topUp('t1', 'M', 100), tell.order('o')],
      ...[tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' })],
      tell.refund('r1', 'p1', 400, '2026-03-04T00:00:00Z'),
    ];
    const named = facts.map((fact) => ({ ...fact, id: `${fact.id}-named`, data: { ...fact.data, currency: 'USD' } }));
    for (const order of [
      [...facts, ...named],
      [...named, ...facts],
    ]) {
      await world.reset('2026-03-02T00:00:00Z');
      await world.send(...people, campaign, ...order.slice(0, facts.length));
      await world.send(...order.slice(facts.length));
      expect(new Set(Object.values(await states()))).toEqual(new Set(['applied']));
      expect(await world.core.ledger.balance('model:M')).toBe(100);
    }
  });

  test('the same payment with another content is refused', async () => {
    await world.send(...people, campaign, payment, { ...tell.payment('p1', 1, '2026-03-03T00:00:00Z', {}), id: 'bad' });
    expect([await stateOf('bad'), await stateOf(payment.id)].sort()).toEqual(['applied', 'quarantined']);
  });

  test('data that is not valid', async () => {
    await world.send(...people);
    await world.send(poison('poison'), tell.topUp('t1', 'M', 100), tell.topUp('t2', 'M', 100));
    expect(await stateOf('poison')).toBe('quarantined');
    expect(await world.core.ledger.balance('model:M')).toBe(200);
  });

  deepTest('a replay tries again, five times, and changes nothing that was applied', async () => {
    await world.send(...people, tell.topUp('t1', 'M', 100));
    await world.send({ ...tell.topUp('t1', 'M', 999), id: 'bad' });
    for (const id of ['bad', 'topup-t1']) expect(await world.core.inbox.replay(id)).toEqual({ kind: 'replayed' });
    await world.drain();
    expect(await world.core.inbox.get('bad')).toMatchObject({ status: 'quarantined', attempts: 5 });
    expect(await stateOf('topup-t1')).toBe('applied');
    expect(await world.core.ledger.balance('model:M')).toBe(100);
    expect(await world.core.inbox.replay('nobody')).toEqual({ kind: 'not-found' });
  });

  test('managers are told, once, and once more after a replay that did not help', async () => {
    await world.send(tell.account('boss', 'manager'), ...people);
    await world.collection('chat_links').insertOne({
      _id: 'telegram:1',
      accountId: 'boss',
      channel: 'telegram',
      userId: '1',
      chatId: '1',
      linkedAt: world.clock.now(),
    } as never);
    await world.send(poison('poison'));
    await world.drain();
    await world.core.inbox.replay('poison');
    await world.drain();
    const told = await outboxOf(world.collection);
    expect(told.map(({ _id }) => _id).sort()).toEqual([
      'event:poison:quarantined:1:boss>telegram:1',
      'event:poison:quarantined:boss>telegram:1',
    ]);
  });
});

describe('refunds, in any order (rules 5.8)', () => {
  const refunds = [
    tell.refund('r1', 'p1', 600, '2026-03-05T00:00:00Z'),
    tell.refund('r2', 'p1', 500, '2026-03-06T00:00:00Z'),
    tell.refund('r0', 'p1', 500, '2026-03-04T00:00:00Z'),
    tell.refund('early', 'p1', 1, '2026-03-02T00:00:00Z'),
  ];

  test.each(sampleOf(permutations([0, 1, 2, 3]), 1))(
    '%i %i %i %i: those hold that hold by their dates',
    async (...order) => {
      await world.send(...people, campaign, payment);
      for (const index of order) await world.send(...refunds.slice(index, index + 1));
      expect(await states()).toMatchObject({
        'refund-r0': 'applied',
        'refund-r1': 'quarantined',
        'refund-r2': 'applied',
        'refund-early': 'quarantined',
      });
      await world.travelTo('2026-03-09T06:00:00Z');
      const invoice = await world.core.invoicing.invoices.get('2026-W10:M', world.clock.now());
      expect(invoice?.lines).toMatchObject([
        { type: 'refund', count: 2, gross: -1_000 },
        { type: 'tip', gross: 1_000 },
      ]);
    },
  );

  deepTest('one that is on an invoice stands, and later ones are judged after it', async () => {
    await world.send(...people, campaign, payment, tell.refund('r1', 'p1', 600, '2026-03-05T00:00:00Z'));
    await world.travelTo('2026-03-09T06:00:00Z');
    await world.send(
      tell.refund('r0', 'p1', 500, '2026-03-04T00:00:00Z'),
      tell.refund('r2', 'p1', 400, '2026-03-06T00:00:00Z'),
    );
    expect(await states()).toMatchObject({
      'refund-r1': 'applied',
      'refund-r0': 'quarantined',
      'refund-r2': 'applied',
    });
    await world.travelTo('2026-03-16T06:00:00Z');
    expect(await world.core.verify()).toEqual([]);
    expect((await world.core.invoicing.invoices.get('2026-W11:M', world.clock.now()))?.lines).toMatchObject([
      { type: 'refund', gross: -400, late: 1 },
    ]);
  });
});

describe('trouble of the database is no fault of an event (docs/integration.md)', () => {
  const server = (code: number, codeName: string) => new mongo.MongoServerError({ message: 'not now', code, codeName });

  test.each(
    sampleOf(
      [
        ['a primary that steps down', server(189, 'PrimarySteppedDown')],
        ['a write that no majority has', server(64, 'WriteConcernFailed')],
        ['a lost cursor', server(43, 'CursorNotFound')],
        ['a code of a year to come', server(9_999, 'NobodyKnows')],
        ['a bulk that breaks', Object.assign(new Error('broke'), { name: 'MongoBulkWriteError', writeErrors: [] })],
      ],
      1,
    ),
  )('%s counts no try, however often it comes', async (_what, error) => {
    await world.receive(...people, tell.topUp('t1', 'M', 500));
    const broken = vi.spyOn(mongo.Collection.prototype, 'insertOne').mockRejectedValue(error);
    const alsoBroken = vi.spyOn(mongo.Collection.prototype, 'insertMany').mockRejectedValue(error);
    for (let tries = 0; tries < 7; tries += 1) await expect(world.drain()).rejects.toThrow(error.message);
    broken.mockRestore();
    alsoBroken.mockRestore();
    await world.drain();
    expect(await world.core.inbox.get('topup-t1')).toMatchObject({ status: 'applied', attempts: 0, error: null });
  });
});
