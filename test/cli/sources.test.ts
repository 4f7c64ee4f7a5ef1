import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { charge, invoice, invoicePayment, refund, stripeEvent, subscription } from '../sources/stripe/events.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { workplace } from './command.ts';

const AT = '2026-03-02T10:00:00Z';
const place = workplace();
let database: TestDatabase;
let environment: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  environment = { TEST_CLOCK: '1', TEST_CLOCK_START: '2026-03-04T00:00:00Z', MONGODB_URI: database.uri };
});
afterAll(async () => {
  place.close();
  await database.close();
});

const events = [
  stripeEvent('customer.subscription.created', AT, subscription('sub_1', AT)),
  stripeEvent('invoice.paid', AT, invoice('in_1', 'sub_1', AT, 1_000)),
  stripeEvent('invoice_payment.paid', AT, invoicePayment('in_1')),
  stripeEvent('refund.created', AT, refund('re_1', 'in_1', 250, AT)),
  stripeEvent('customer.created', AT, { id: 'cus_1', object: 'customer' }),
];

function file(name: string, content: string): string {
  const path = join(place.folder, name);
  writeFileSync(path, content);
  return path;
}

test('import stripe takes a list as the API answers it, and line by line the same is there already', async () => {
  const list = file('events.json', JSON.stringify({ object: 'list', data: events, has_more: false }, null, 2));
  const first = await place.settlebot(['import', 'stripe', list], environment);
  expect(first).toMatchObject({ code: 0, out: '5 events: 4 accepted, 0 duplicate, 1 ignored, 0 bad, 0 conflict\n' });
  const lines = file(
    'events.ndjson',
    `${[...events, { id: 'no event' }].map((one) => JSON.stringify(one)).join('\n')}\n`,
  );
  const again = await place.settlebot(['import', 'stripe', lines], environment);
  expect(again).toMatchObject({ code: 1, out: '6 events: 0 accepted, 5 duplicate, 0 ignored, 1 bad, 0 conflict\n' });
  expect(again.err).toContain("line 6: It is no event of Stripe's with a snapshot");
  expect(await database.connection.collection('refunds').countDocuments({})).toBe(1);
  expect(await place.settlebot(['verify'], environment)).toMatchObject({ code: 0 });
});

deepTest('import says which sources there are, and what no list and no lines is', async () => {
  const broken = file('broken.json', '[\n{"id":');
  expect((await place.settlebot(['import', 'stripe', broken], environment)).err).toMatch(
    /neither JSON line by line nor one JSON/,
  );
  expect((await place.settlebot(['import', 'shop', broken], environment)).err).toMatch(/there is no source shop/);
});

test('map shows what would come of each line of Stripe’s, and of nothing else', async () => {
  const examples = file(
    'examples.ndjson',
    [
      ...events,
      stripeEvent('charge.refunded', AT, charge('in_1', 1_000, 250), { previous_attributes: { amount_refunded: 0 } }),
      stripeEvent('refund.created', AT, refund('re_9', 'in_9', 250, AT)),
      stripeEvent('invoice.paid', AT, invoice('in_2', 'sub_1', AT, 900, { currency: 'eur' })),
    ]
      .map((one) => JSON.stringify(one))
      .join('\n'),
  );
  const { code, out } = await place.settlebot(['map', examples, '--source', 'stripe'], {});
  expect(code).toBe(1);
  const refunded =
    'payment.refunded 2026-03-02T10:00:00.000Z {"refundId":"pi_in_1:250:1","paymentId":"in_1","amount":250';
  expect(out.trim().split('\n')).toEqual([
    expect.stringContaining('line 1: subscription.started 2026-03-02T10:00:00.000Z {"subscriptionId":"sub_1"'),
    expect.stringContaining('line 2: payment.succeeded 2026-03-02T10:00:00.000Z {"paymentId":"in_1"'),
    'line 3: not ours: nothing comes of invoice_payment.paid',
    expect.stringContaining(`line 4: ${refunded}`),
    'line 5: not ours: customer.created',
    expect.stringContaining(`line 6: ${refunded}`),
    'line 7: would wait for stripePayment:pi_in_9',
    "line 8: quarantined: payment.succeeded: data.currency must be USD, the platform's currency",
  ]);
});
