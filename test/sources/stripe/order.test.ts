import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { awaitAll } from '../../../src/kernel/wait.ts';
import { differencesOf, views } from '../../affiliates/world.ts';
import { runsOf } from '../../properties/runs.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import {
  charge,
  dispute,
  invoice,
  invoicePayment,
  oldInvoice,
  refund,
  session,
  stripeEvent,
  subscription,
} from './events.ts';
import { receiveBody, stripeWorld } from './world.ts';

let world: Awaited<ReturnType<typeof stripeWorld>>;
beforeAll(async () => {
  world = await stripeWorld({ processes: 2 });
});
afterAll(() => world.close());

const [AT, TRIAL, PAID, REFUNDED] = [
  '2026-03-02T10:00:00Z',
  '2026-03-05T10:00:00Z',
  '2026-03-05T10:00:00Z',
  '2026-03-06T10:00:00Z',
];

/** Two subscriptions, one of each shape of the API: a trial that was extended, refunds in part, all told twice over, and a dispute. */
const HISTORY = [
  stripeEvent('customer.subscription.created', AT, subscription('sub_1', AT, { trialEnd: AT })),
  stripeEvent('customer.subscription.updated', '2026-03-02T11:00:00Z', subscription('sub_1', AT, { trialEnd: TRIAL })),
  stripeEvent('checkout.session.completed', AT, session('sub_1', AT, { client_reference_id: 'aff' })),
  stripeEvent('invoice.paid', AT, invoice('in_0', 'sub_1', AT, 0)),
  stripeEvent('invoice.paid', PAID, invoice('in_1', 'sub_1', PAID, 1_000, { billing_reason: 'subscription_cycle' })),
  stripeEvent(
    'invoice.payment_succeeded',
    PAID,
    invoice('in_1', 'sub_1', PAID, 1_000, { billing_reason: 'subscription_cycle' }),
  ),
  stripeEvent('invoice_payment.paid', PAID, invoicePayment('in_1')),
  ...[1, 2, 3].flatMap((number) => [
    stripeEvent('charge.refunded', REFUNDED, charge('in_1', 1_000, number * 100), {
      previous_attributes: { amount_refunded: (number - 1) * 100 },
    }),
    stripeEvent('refund.created', REFUNDED, refund(`re_${number}`, 'in_1', 100, REFUNDED)),
    stripeEvent('refund.updated', REFUNDED, refund(`re_${number}`, 'in_1', 100, REFUNDED)),
  ]),
  stripeEvent('customer.subscription.created', AT, subscription('sub_2', AT, { metadata: { affiliate: 'aff' } })),
  stripeEvent('invoice.paid', PAID, oldInvoice('in_2', 'sub_2', PAID, 500)),
  stripeEvent('charge.dispute.created', REFUNDED, dispute('dp_1', 'in_2', 500, REFUNDED, 'needs_response')),
  stripeEvent('charge.dispute.closed', '2026-03-07T10:00:00Z', dispute('dp_1', 'in_2', 500, REFUNDED, 'lost')),
];

async function endOf(portions: (typeof HISTORY)[]) {
  await world.reset('2026-03-08T00:00:00Z');
  await world.send(tell.account('aff', 'affiliate'));
  for (const portion of portions) {
    await awaitAll(portion.map((event) => receiveBody(world, 'stripe', JSON.stringify(event))));
    await world.drain();
  }
  await world.travelTo('2026-03-20T00:00:00Z');
  const commissions = (await views(world)).map(({ commissionId, amount, status }) => [commissionId, amount, status]);
  const refunds = await world.collection('refunds').distinct('_id');
  return {
    commissions,
    refunds: refunds.sort(),
    counts: await world.core.inbox.counts(),
    differences: await differencesOf(world),
  };
}

const { parameters } = runsOf(20);

deepTest('what Stripe sends twice, late or out of order gives the same end, in two processes at once', async () => {
  const end = {
    commissions: [
      ['sub_1~first', 210, 'approved'],
      ['sub_2~first', 150, 'rejected'],
    ],
    refunds: ['dp_1', 'pi_in_1:100:1', 'pi_in_1:100:2', 'pi_in_1:100:3'],
    counts: { received: 0, waiting: 0, quarantined: 0 },
    differences: [],
  };
  expect(await endOf([HISTORY])).toEqual(end);
  const orders = fc.tuple(
    fc.shuffledSubarray(HISTORY, { minLength: HISTORY.length, maxLength: HISTORY.length }),
    fc.subarray(HISTORY),
    fc.integer({ min: 1, max: HISTORY.length }),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ([order, again, size]) => {
      const told = [...order, ...again];
      const portions = Array.from({ length: Math.ceil(told.length / size) }, (_, index) =>
        told.slice(index * size, (index + 1) * size),
      );
      expect(await endOf(portions)).toEqual(end);
    }),
    parameters,
  );
});
