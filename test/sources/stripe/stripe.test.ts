import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { differencesOf, views } from '../../affiliates/world.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
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
  await world.reset('2026-03-04T00:00:00Z');
  await world.send(tell.account('aff', 'affiliate'), tell.account('other', 'affiliate'));
});
afterAll(() => world.close());

const started = (more = {}) =>
  stripeEvent(
    'customer.subscription.created',
    '2026-03-02T10:00:00Z',
    subscription('sub_1', '2026-03-02T10:00:00Z', more),
  );
const checkedOut = (affiliate = 'aff') =>
  stripeEvent(
    'checkout.session.completed',
    '2026-03-02T10:00:01Z',
    session('sub_1', '2026-03-02T09:58:00Z', { client_reference_id: affiliate }),
  );
const paid = (id = 'in_1', at = '2026-03-02T10:00:00Z', amount = 1_000, more = {}) =>
  stripeEvent('invoice.paid', at, invoice(id, 'sub_1', at, amount, more));
const oldPaid = (id = 'in_1', at = '2026-03-02T10:00:00Z', amount = 1_000, more = {}) =>
  stripeEvent('invoice.paid', at, oldInvoice(id, 'sub_1', at, amount, more), { api_version: '2020-08-27' });
const paidWith = (id = 'in_1') => stripeEvent('invoice_payment.paid', '2026-03-02T10:00:00Z', invoicePayment(id));
const refunded = (total: number, before: number | undefined, at = '2026-03-03T00:00:00Z', more = {}) =>
  stripeEvent(
    'charge.refunded',
    at,
    charge('in_1', 1_000, total, more),
    before === undefined ? {} : { previous_attributes: { amount_refunded: before } },
  );
const refundMade = (
  id: string,
  amount: number,
  at = '2026-03-03T00:00:00Z',
  more = {},
  type = 'refund.created',
  toldAt = at,
) => stripeEvent(type, toldAt, refund(id, 'in_1', amount, at, more));

async function commissions() {
  return (await views(world)).map(({ commissionId, affiliateId, amount, status }) => ({
    commissionId,
    affiliateId,
    amount,
    status,
  }));
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
  deepTest('earns its commission, whatever the version of the API and the order of the events', async () => {
    const first = { commissionId: 'sub_1~first', affiliateId: 'aff', amount: 300, status: 'pending' };
    for (const events of [
      [started(), checkedOut(), paid(), paidWith()],
      [paidWith(), paid(), checkedOut(), started()],
      [checkedOut(), oldPaid(), started()],
      [started({ metadata: { affiliate: 'aff' } }), oldPaid()],
      [
        paid(),
        stripeEvent(
          'customer.subscription.updated',
          '2026-03-02T10:00:09Z',
          subscription('sub_1', '2026-03-02T10:00:00Z', { metadata: { affiliate: 'aff' } }),
        ),
      ],
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

describe('the trial', () => {
  const trial = (at: string, trialEnd: string | null, type = 'customer.subscription.updated', more = {}) =>
    stripeEvent(
      type,
      at,
      subscription('sub_1', '2026-03-02T10:00:00Z', { trialEnd, metadata: { affiliate: 'aff' }, ...more }),
    );

  deepTest('pays nothing where it was cancelled before its end, also when that comes first', async () => {
    const ended = { ended_at: seconds('2026-03-05T00:00:00Z'), canceled_at: seconds('2026-03-04T00:00:00Z') };
    await world.deliver(
      trial('2026-03-05T00:00:00Z', '2026-03-09T10:00:00Z', 'customer.subscription.deleted', ended),
      trial('2026-03-02T10:00:00Z', '2026-03-09T10:00:00Z', 'customer.subscription.created'),
      paid('in_0', '2026-03-02T10:00:00Z', 0),
    );
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await commissions()).toEqual([]);
    expect(await world.collection('payments').countDocuments({})).toBe(0);
    expect(await differencesOf(world)).toEqual([]);
  });

  it('holds a commission to its end as it was told last, whatever came first', async () => {
    await world.deliver(
      trial('2026-03-02T12:00:00Z', '2026-03-12T10:00:00Z'),
      trial('2026-03-02T10:00:00Z', '2026-03-05T10:00:00Z', 'customer.subscription.created'),
      paid('in_2', '2026-03-03T10:00:00Z', 1_000, { billing_reason: 'subscription_cycle' }),
    );
    await world.travelTo('2026-03-11T00:00:00Z');
    expect(await commissions()).toEqual([]);
    await world.travelTo('2026-03-12T11:00:00Z');
    expect(await commissions()).toMatchObject([{ commissionId: 'sub_1~first', status: 'approved' }]);
  });
});

describe('refunds', () => {
  beforeEach(() => world.deliver(started({ metadata: { affiliate: 'aff' } }), paid(), paidWith()));

  it.each(
    sampleOf(
      [
        ['of a charge', () => [refunded(250, 0)]],
        ['of a charge and of their own', () => [refunded(250, 0), refundMade('re_1', 250)]],
        [
          'of their own and of a charge, all twice',
          () => [refundMade('re_1', 250), refunded(250, 0), refundMade('re_1', 250, undefined, {}, 'refund.updated')],
        ],
        [
          'of a charge that lists them',
          () => [
            refunded(250, undefined, undefined, {
              invoice: 'in_1',
              refunds: { data: [refund('re_1', 'in_1', 250, '2026-03-03T00:00:00Z')] },
            }),
            refundMade('re_1', 250),
          ],
        ],
        ['of a charge that does not say what was before', () => [refundMade('re_1', 250), refunded(250, undefined)]],
      ],
      1,
    ),
  )('are counted once, told %s', async (_, events: () => StripeTestEvent[]) => {
    const told = events();
    await world.deliver(...told, ...told);
    expect(await refunds()).toEqual([['pi_in_1:250:1', 250]]);
    expect(await commissions()).toMatchObject([{ amount: 225, status: 'pending' }]);
    expect(await quarantined()).toEqual([]);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('several of one charge, of the same amount too, are each counted, in any order', async () => {
    await world.deliver(
      refunded(700, 400, '2026-03-03T02:00:00Z'),
      refundMade('re_3', 300, '2026-03-03T02:00:00Z'),
      refundMade('re_2', 200, '2026-03-03T01:00:00Z'),
      refunded(200, 0, '2026-03-03T00:00:00Z'),
      refundMade('re_1', 200, '2026-03-03T00:00:00Z'),
      refunded(400, 200, '2026-03-03T01:00:00Z'),
    );
    expect(await refunds()).toEqual([
      ['pi_in_1:200:1', 200],
      ['pi_in_1:200:2', 200],
      ['pi_in_1:300:1', 300],
    ]);
    expect(await commissions()).toMatchObject([{ amount: 90 }]);
  });

  deepTest('hold the commission while they are pending, and let it go when they fail', async () => {
    await world.deliver(refundMade('re_1', 1_000, undefined, { status: 'pending' }));
    await world.travelTo('2026-03-09T00:00:00Z');
    expect(await commissions()).toMatchObject([{ status: 'pending' }]);
    const failed = { status: 'failed' };
    await world.deliver(
      refundMade('re_1', 1_000, undefined, failed, 'refund.failed', '2026-03-09T00:00:00Z'),
      refundMade('re_1', 1_000, undefined, failed, 'refund.updated', '2026-03-09T00:00:02Z'),
    );
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await commissions()).toMatchObject([{ status: 'approved', amount: 300 }]);
    expect(await quarantined()).toEqual([]);
    expect(await differencesOf(world)).toEqual([]);
  });

  it('that fail after they were told as made are shown to a person', async () => {
    await world.deliver(
      refundMade('re_1', 1_000),
      refundMade('re_1', 1_000, undefined, { status: 'failed' }, 'refund.failed'),
    );
    expect(await quarantined()).toEqual([
      expect.stringContaining('refund re_1 of pi_in_1 failed after it was told as made'),
    ]);
  });

  deepTest('wait for their payment, however late it is', async () => {
    await world.reset('2026-03-04T00:00:00Z');
    await world.send(tell.account('aff', 'affiliate'));
    await world.deliver(refundMade('re_1', 1_000), started({ metadata: { affiliate: 'aff' } }));
    await world.travelTo('2026-03-05T00:00:00Z');
    await world.deliver(paidWith());
    await world.deliver(paid());
    expect(await commissions()).toMatchObject([{ status: 'rejected' }]);
    expect(await differencesOf(world)).toEqual([]);
  });

  it('of what is no subscription’s are not ours', async () => {
    await world.deliver(
      stripeEvent('invoice.paid', '2026-03-03T00:00:00Z', invoice('in_9', null, '2026-03-03T00:00:00Z', 500)),
      paidWith('in_9'),
      stripeEvent('refund.created', '2026-03-04T00:00:00Z', refund('re_9', 'in_9', 500, '2026-03-04T00:00:00Z')),
      stripeEvent('charge.refunded', '2026-03-04T00:00:00Z', charge('in_8', 500, 500, { invoice: null })),
      stripeEvent(
        'checkout.session.completed',
        '2026-03-04T00:00:00Z',
        session(null, '2026-03-04T00:00:00Z', { mode: 'payment', payment_intent: 'pi_in_7' }),
      ),
      stripeEvent('refund.created', '2026-03-04T00:00:00Z', refund('re_7', 'in_7', 500, '2026-03-04T00:00:00Z')),
    );
    expect(await refunds()).toEqual([]);
    expect(await world.core.inbox.counts()).toEqual({ received: 0, waiting: 0, quarantined: 0 });
  });
});

describe('disputes', () => {
  beforeEach(() => world.deliver(started({ metadata: { affiliate: 'aff' } }), paid(), paidWith()));
  const disputed = (type: string, at: string, status: string) =>
    stripeEvent(`charge.dispute.${type}`, at, dispute('dp_1', 'in_1', 1_000, '2026-03-04T00:00:00Z', status));

  it.each(
    sampleOf(
      [
        ['lost', 'rejected'],
        ['won', 'approved'],
        ['warning_closed', 'approved'],
      ],
      1,
    ),
  )('hold the commission until they are closed: %s leaves it %s', async (status, end) => {
    await world.deliver(disputed('created', '2026-03-04T00:00:00Z', 'needs_response'));
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await commissions()).toMatchObject([{ status: 'pending' }]);
    await world.deliver(disputed('closed', '2026-03-20T00:00:00Z', status));
    await world.travelTo('2026-03-20T01:00:00Z');
    expect(await commissions()).toMatchObject([{ status: end }]);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('have the same end when the close comes first', async () => {
    await world.deliver(
      disputed('closed', '2026-03-20T00:00:00Z', 'lost'),
      disputed('created', '2026-03-04T00:00:00Z', 'needs_response'),
    );
    expect(await commissions()).toMatchObject([{ status: 'rejected' }]);
  });
});

describe('bad input', () => {
  it.each([
    [
      'another currency',
      paid('in_1', undefined, 1_000, { currency: 'eur' }),
      /currency must be USD, the platform's currency/,
    ],
    [
      'an invoice of neither shape',
      paid('in_1', undefined, 1_000, { parent: undefined }),
      /in_1 has neither subscription nor parent/,
    ],
    ['an amount that is none', paid('in_1', undefined, 1_000, { amount_paid: 'much' }), /data\.object\.amount_paid/],
    [
      'a refund of nothing',
      refundMade('re_1', 5, undefined, { charge: null, payment_intent: null }),
      /refund re_1 has neither payment_intent nor charge/,
    ],
    ['an affiliate that can be none', started({ metadata: { affiliate: 'no such@name' } }), /affiliateId must be 1-64/],
  ])('%s is quarantined, with words', async (_, event, words) => {
    await world.deliver(event);
    expect(await quarantined()).toEqual([expect.stringMatching(words)]);
    expect(await world.collection('payments').countDocuments({})).toBe(0);
  });

  deepTest('of a type that is not ours is stored, ignored and not quarantined', async () => {
    for (const type of ['customer.created', 'constructor', 'charge.succeeded']) {
      const event = stripeEvent(type, '2026-03-02T10:00:00Z', { id: 'cus_1', object: 'customer' });
      await world.deliver(event);
      expect(await world.core.inbox.get(`stripe:${event.id}`)).toMatchObject({
        status: 'ignored',
        type: 'source.received',
      });
    }
    expect(await differencesOf(world)).toEqual([]);
  });

  it('two affiliates for one subscription: the first that is known holds, the other is shown', async () => {
    await world.deliver(started({ metadata: { affiliate: 'other' } }));
    await world.deliver(checkedOut('aff'), paid());
    expect(await commissions()).toMatchObject([{ affiliateId: 'other' }]);
    expect(await quarantined()).toEqual([expect.stringContaining('who brought subscription sub_1 was told before')]);
  });

  it('an event that comes again in another version of the API is the same', async () => {
    const [one, other] = [paid(), oldPaid()];
    await world.deliver(started(), one, { ...other, id: one.id });
    expect(await world.collection('payments').countDocuments({})).toBe(1);
    expect(await quarantined()).toEqual([]);
  });

  deepTest('that was quarantined has its effect when it is replayed after its fault is mended', async () => {
    await world.deliver(started({ metadata: { affiliate: 'aff' } }));
    const event = refundMade('re_1', 100);
    await world.deliver(event);
    await world.travelTo('2026-03-12T00:00:00Z');
    expect(await quarantined()).toEqual([expect.stringContaining('stripePayment:pi_in_1')]);
    await world.deliver(paid(), paidWith());
    expect(await refunds()).toEqual([['pi_in_1:100:1', 100]]);
    expect(await quarantined()).toEqual([]);
  });
});
