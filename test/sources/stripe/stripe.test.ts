import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { differencesOf, views } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import {
  charge,
  dispute,
  invoice,
  invoicePayment,
  oldInvoice,
  refund,
  type StripeTestEvent,
  seconds,
  session,
  stripeEvent,
  subscription,
} from './events.ts';
import { stripeWorld } from './world.ts';

let world: Awaited<ReturnType<typeof stripeWorld>>;
beforeAll(async () => {
  world = await stripeWorld();
});
beforeEach(async () => {
  await world.reset('2026-03-01T00:00:00Z');
  await world.send(tell.account('aff', 'affiliate'), tell.account('other', 'affiliate'));
});
afterAll(() => world.close());

const started = (more = {}) =>
  stripeEvent('customer.subscription.created', '2026-03-02T10:00:00Z', subscription('sub_1', '2026-03-02T10:00:00Z', more));
const checkedOut = (affiliate = 'aff') =>
  stripeEvent('checkout.session.completed', '2026-03-02T10:00:01Z', session('sub_1', '2026-03-02T09:58:00Z', { client_reference_id: affiliate }));
const paid = (id = 'in_1', at = '2026-03-02T10:00:00Z', amount = 1_000, more = {}) =>
  stripeEvent('invoice.paid', at, invoice(id, 'sub_1', at, amount, more));
const oldPaid = (id = 'in_1', at = '2026-03-02T10:00:00Z', amount = 1_000, more = {}) =>
  stripeEvent('invoice.paid', at, oldInvoice(id, 'sub_1', at, amount, more), { api_version: '2020-08-27' });
const paidWith = (id = 'in_1') => stripeEvent('invoice_payment.paid', '2026-03-02T10:00:00Z', invoicePayment(id));
const refunded = (total: number, before: number | undefined, at = '2026-03-03T00:00:00Z', more = {}) =>
  stripeEvent('charge.refunded', at, charge('in_1', 1_000, total, more), before === undefined ? {} : { previous_attributes: { amount_refunded: before } });
const refundMade = (id: string, amount: number, at = '2026-03-03T00:00:00Z', more = {}, type = 'refund.created', toldAt = at) =>
  stripeEvent(type, toldAt, refund(id, 'in_1', amount, at, more));

async function commissions() {
  return (await views(world.world)).map(({ commissionId, affiliateId, amount, status }) => ({ commissionId, affiliateId, amount, status }));
}

async function quarantined(): Promise<string[]> {
  const { items } = await world.core.inbox.list({ limit: 100, status: 'quarantined' });
  return items.map(({ eventId, error }) => `${eventId.replace(/evt_\w+/, 'evt')}: ${error}`);
}

async function refunds() {
  const found = await world.collection('refunds').find({}).sort({ _id: 1 }).toArray();
  return found.map(({ _id, amount }: { _id: string; amount?: number }) => [_id, amount]);
}

describe('a subscription that an affiliate brought', () => {
  it('earns its commission, whatever the version of the API and the order of the events', async () => {
    const first = { commissionId: 'sub_1~first', affiliateId: 'aff', amount: 300, status: 'pending' };
    for (const events of [
      [started(), checkedOut(), paid(), paidWith()],
      [paidWith(), paid(), checkedOut(), started()],
      [checkedOut(), oldPaid(), started()],
      [started({ metadata: { affiliate: 'aff' } }), oldPaid()],
      [paid(), stripeEvent('customer.subscription.updated', '2026-03-02T10:00:09Z', subscription('sub_1', '2026-03-02T10:00:00Z', { metadata: { affiliate: 'aff' } }))],
    ]) {
      await world.reset('2026-03-04T00:00:00Z');
      await world.send(tell.account('aff', 'affiliate'));
      await world.deliver(...events);
      expect(await commissions()).toEqual([first]);
      expect(await quarantined()).toEqual([]);
      expect(await differencesOf(world)).toEqual([]);
    }
  });
});
