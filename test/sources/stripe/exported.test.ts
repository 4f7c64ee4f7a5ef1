import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eventOfExported } from '../../../src/sources/stripe/exported.ts';
import { differencesOf, views } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import {
  charge,
  dispute,
  invoice,
  invoicePayment,
  oldInvoice,
  refund,
  seconds,
  session,
  stripeEvent,
  subscription,
} from './events.ts';
import { receiveBody, stripeWorld } from './world.ts';

let world: Awaited<ReturnType<typeof stripeWorld>>;
beforeAll(async () => {
  world = await stripeWorld();
});
afterAll(() => world.close());

const [STARTED, PAID, REFUNDED, ENDED] = [
  '2026-03-02T10:00:00Z',
  '2026-03-02T10:00:05Z',
  '2026-03-03T00:00:00Z',
  '2026-03-20T00:00:00Z',
];
const created = { created: seconds(STARTED) };

/** Objects as they stand at last, and the events that tell how they came to. */
const objects = {
  subscription: subscription('sub_1', STARTED, { ended_at: seconds(ENDED), status: 'canceled' }),
  session: session('sub_1', STARTED, { client_reference_id: 'aff', status: 'complete' }),
  invoice: { ...invoice('in_1', 'sub_1', PAID, 1_000), ...created },
  paid: { ...invoicePayment('in_1'), ...created },
  oldInvoice: { ...oldInvoice('in_2', 'sub_1', PAID, 500), ...created },
  refund: refund('re_1', 'in_1', 400, REFUNDED),
  charge: { ...charge('in_2', 500, 200), ...created, refunds: { data: [refund('re_2', 'in_2', 200, REFUNDED)] } },
  lost: dispute('dp_1', 'in_1', 600, REFUNDED, 'lost'),
  won: dispute('dp_2', 'in_1', 600, REFUNDED, 'won'),
  customer: { id: 'cus_1', object: 'customer', ...created },
};
const events = () => [
  stripeEvent('customer.subscription.created', STARTED, subscription('sub_1', STARTED)),
  stripeEvent('checkout.session.completed', PAID, objects.session),
  stripeEvent('invoice.paid', PAID, objects.invoice),
  stripeEvent('invoice_payment.paid', PAID, objects.paid),
  stripeEvent('invoice.paid', PAID, objects.oldInvoice),
  stripeEvent('refund.created', REFUNDED, objects.refund),
  stripeEvent('charge.refunded', REFUNDED, charge('in_2', 500, 200), { previous_attributes: { amount_refunded: 0 } }),
  stripeEvent('charge.dispute.created', REFUNDED, { ...objects.lost, status: 'needs_response' }),
  stripeEvent('charge.dispute.closed', ENDED, objects.lost),
  stripeEvent('customer.subscription.deleted', ENDED, objects.subscription),
];

async function start(): Promise<void> {
  await world.reset('2026-03-21T00:00:00Z');
  await world.send(tell.account('aff', 'affiliate'));
}

async function take(...bodies: unknown[]): Promise<void> {
  for (const body of bodies) await receiveBody(world, 'stripe', JSON.stringify(body));
  await world.drain();
}

/** All facts, without which event told them and when. */
async function facts() {
  const names = ['subscriptions', 'attributions', 'cancellations', 'payments', 'refunds', 'refund_requests'];
  const found = await Promise.all(names.map((name) => world.collection(name).find({}).sort({ _id: 1 }).toArray()));
  const bare = found.map((some) =>
    some.map((fact) => ({ ...fact, eventId: 0, arrivedAt: 0, insertedAt: 0, timestamp: 0, trialArrivedAt: 0 })),
  );
  const commissions = (await views(world)).map(({ commissionId, amount, status }) => ({
    commissionId,
    amount,
    status,
  }));
  return { ...Object.fromEntries(names.map((name, index) => [name, bare[index]])), commissions };
}

describe('an export of objects', () => {
  deepTest('has the same end as their events, before them, after them and instead of them', async () => {
    const exported = Object.values(objects).map(eventOfExported);
    await start();
    await take(...events());
    const end = await facts();
    expect(end.commissions).toMatchObject([{ commissionId: 'sub_1~first', status: 'rejected' }]);
    for (const order of [
      exported,
      [...exported, ...exported],
      [...exported, ...events()],
      [...events(), ...exported],
      [...events().reverse(), ...exported],
    ]) {
      await start();
      await take(...order);
      expect(await facts()).toEqual(end);
      expect(await world.core.inbox.counts()).toEqual({ received: 0, waiting: 0, quarantined: 0 });
      expect(await differencesOf(world)).toEqual([]);
    }
  });

  it('says nothing of what nobody can tell of it', () => {
    const types = [
      objects.won,
      objects.customer,
      { ...objects.invoice, status: 'open' },
      { ...charge('in_3', 500, 200), ...created },
    ];
    expect(types.map(eventOfExported)).toMatchObject([
      { type: 'charge.dispute.funds_reinstated' },
      { type: 'customer.updated' },
      { type: 'invoice.updated' },
      { type: 'charge.updated' },
    ]);
    expect(eventOfExported({ id: 'x' })).toBe(null);
    const [event] = events();
    expect(eventOfExported(event)).toBe(event);
  });
});
