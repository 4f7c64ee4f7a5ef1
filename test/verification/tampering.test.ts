import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { contentHash, type Posting } from '../../src/ledger/entry.ts';
import { settled, sold } from '../affiliates/world.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, throwIt } from '../support/world.ts';

const world = await createWorld({ onError: throwIt });
afterAll(world.close);

type Document = { _id: string } & Record<string, unknown>;

const BY = { actor: 'ops' };
const AT = (text: string) => new Date(text);

/**
 * A house with a bit of everything: invoices paid, overdue under a grace, and void; a prepaid order with fans and one that
 * was cancelled; a commission that is paid out and one that is not; people with roles and chats, and a code to link one.
 */
beforeAll(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(
    ...['M', 'N', 'V'].map((id) => tell.account(id, 'model')),
    ...['c', 'd'].map((id) => tell.account(id, 'marketer')),
    tell.account('A', 'affiliate'),
    tell.account('boss', 'manager'),
    ...['M', 'N', 'V'].map((id) => tell.campaign(`camp-${id}`, id, 'd', 4_000)),
    tell.topUp('t1', 'M', 500_000),
    ...sold('s1', 'A', '2026-03-01T00:00:00Z'),
    ...sold('s2', 'A', '2026-03-01T00:00:00Z'),
  );
  await world.link('boss', 'telegram', 1);
  await world.link('M', 'telegram', 2);
  await world.send(
    tell.payment('pM', 10_000, '2026-03-01T12:00:00Z', { campaignId: 'camp-M' }),
    tell.payment('pN', 5_000, '2026-03-01T12:00:00Z', { campaignId: 'camp-N' }),
    tell.payment('pV', 7_000, '2026-03-01T12:00:00Z', { campaignId: 'camp-V' }),
    tell.order('o', { modelId: 'M', placedAt: '2026-03-01T12:00:00Z', quantity: 3, prepaid: true }),
    tell.order('x', { modelId: 'M', placedAt: '2026-03-01T12:00:00Z', prepaid: true }),
    tell.order('y', { modelId: 'M', placedAt: '2026-03-01T12:00:00Z' }),
    tell.orderCancelled('x', '2026-03-01T13:00:00Z'),
  );
  const { orders, invoicing, standing } = world.core;
  await orders.accept('o', BY, world.clock.now());
  await orders.reject('y', { ...BY, reason: 'no room' }, world.clock.now());
  await world.send(
    tell.fan('f1', 'o', '2026-03-01T14:00:00Z'),
    tell.fan('f2', 'o', '2026-03-01T15:00:00Z'),
    tell.fan('f3', 'o', '2026-03-01T15:00:00Z', { fan: { bot: true } }),
  );
  for (const [id, day] of [
    ['s1', '04'],
    ['s2', '12'],
  ] as const) {
    await world.travelTo(`2026-03-${day}T00:00:00Z`);
    const of = { kind: 'subscription', subscriptionId: id };
    await world.send(tell.payment(`p-${id}`, 1_000, `2026-03-${day}T00:00:00Z`, of));
    if (id === 's1') await invoicing.invoices.void('2026-W09:V', { ...BY, reason: 'a mistake' }, world.clock.now());
  }
  await world.travelTo('2026-03-17T00:00:00Z');
  await world.send(settled('2026-03-16:A', '2026-03-17T00:00:00Z'));
  await standing.standings.grace('N', AT('2026-04-01T00:00:00Z'), { ...BY, reason: 'it is known' }, world.clock.now());
  expect(await world.core.verify()).toEqual([]);
});

const documents = (name: string) => world.connection.collection<Document>(name);

/** What a forger does to one document: other fields, or null for none of it. */
type Forged = { in: string; id: string; set?: Record<string, unknown> | null; insert?: Record<string, unknown> };

/** Whoever can write to the ledger can also make its hash right. */
function entry(id: string, book: string, postings: Posting[], more: Record<string, unknown> = {}): Forged {
  const at = AT('2026-03-10T00:00:00Z');
  const dates = { effectiveAt: at, recordedAt: at, insertedAt: at };
  const document = { book, postings, hash: contentHash(id, book, postings), ...dates, ...more };
  return { in: 'ledger_entries', id, insert: document };
}

const moved = (from: string, to: string, amount: number): Posting[] => [
  { account: from, amount: -amount },
  { account: to, amount },
];

const million = (eventId?: string) =>
  entry('topup:t9', 'model:N', moved('world:topups', 'model:N', 100_000_000), eventId === undefined ? {} : { eventId });

const gone = (name: string, id: string): Forged => ({ in: name, id, set: null });
const change = (name: string, id: string, set: Record<string, unknown>): Forged => ({ in: name, id, set });

/** What was done, and the beginning of a line that names it. */
const ALTERATIONS: [string, Forged[], string][] = [
  ['a top-up out of nothing', [million()], 'ledger_entries/topup:t9 names no event'],
  ['one that names an event that never came', [million('e9')], 'ledger_entries/topup:t9 names event e9, which never'],
  ['one that names another event', [million('topup-t1')], 'ledger_entries/topup:t9 names event topup-t1, which tells'],
  [
    'one in the place of the real one',
    [gone('ledger_entries', 'topup:t1'), million('topup-t1')],
    'ledger_entries/topup:t1 is missing: event topup-t1 was applied, and brought M 500000',
  ],
  [
    'a larger top-up under its own hash',
    [entry('topup:t1', 'model:M', moved('world:topups', 'model:M', 900_000), { eventId: 'topup-t1' })],
    'ledger_entries/topup:t1: model:M gets 900000, not 500000',
  ],
  [
    'an older top-up',
    [change('ledger_entries', 'topup:t1', { effectiveAt: AT('2026-01-01T00:00:00Z') })],
    'ledger_entries/topup:t1: effectiveAt is 2026-01-01',
  ],
  [
    'an entry that no rule writes',
    [entry('gift:1', 'marketer:c', moved('platform:revenue', 'marketer:c', 5))],
    'ledger_entries/gift:1: no rule writes',
  ],
  [
    'an amount that no order pays',
    [entry('order:o:amount:9', 'escrow:o', moved('escrow:o', 'marketer:c', 100))],
    'ledger_entries/order:o:amount:9: order o is running, and moves nothing so',
  ],
  [
    'a payout that there is not',
    [entry('payout:2026-04-01:c:due', 'marketer:c', moved('marketer:c', 'world:payouts', 200))],
    'ledger_entries/payout:2026-04-01:c:due: there is no payout',
  ],
  [
    'a commission that there is not',
    [entry('commission:s9~first:approved', 'affiliate:A', moved('platform:commissions', 'affiliate:A', 7))],
    'ledger_entries/commission:s9~first:approved: there is no commission',
  ],
  [
    'a carried balance that covers what is not there',
    [change('ledger_entries', 'invoice:2026-W09:M:completed', { 'carried.balance': 90_000_000 })],
    'ledger_entries/invoice:2026-W09:M:completed: it carries a balance of model:M for which',
  ],
  [
    'a model that pays outside the numbers of its account',
    [entry('invoice:2026-W09:M:completed', 'model:M', moved('model:M', 'marketer:d', 4_000))],
    'invoice:2026-W09:M:completed: it takes from model:M, and is none of its numbered decreases',
  ],
  ['an event of another body', [change('events', 'topup-t1', { body: '{}' })], 'events/topup-t1: its body does not'],
  [
    'an event of another type',
    [change('events', 'topup-t1', { type: 'payout.failed' })],
    'events/topup-t1: type is payout.failed, and its body says balance.topped_up',
  ],
  [
    'an event that is put off for ever',
    [change('events', 'topup-t1', { status: 'received', nextAt: AT('2999-01-01T00:00:00Z') })],
    'events/topup-t1: it is received, and put off until 2999',
  ],
  [
    'an event that is to have had no effect',
    [change('events', 'topup-t1', { status: 'ignored' })],
    'events/topup-t1: it is ignored, though events of type balance.topped_up have effects',
  ],
  [
    'a dismissal that nobody decided',
    [
      change('events', 'topup-t1', {
        status: 'ignored',
        dismissed: { by: 'boss', reason: 'no', at: AT('2026-03-10') },
      }),
    ],
    'events/topup-t1 is dismissed by boss',
  ],
  ['an event that is gone', [gone('events', 'topup-t1')], 'ledger_entries/topup:t1 names event topup-t1, which never'],
  [
    'a manager by a stroke of the pen',
    [change('accounts', 'c', { role: 'manager', 'data.role': 'manager' })],
    'accounts/c: role is manager, and event account-c says marketer',
  ],
  [
    'a manager whom no event tells of',
    [
      {
        in: 'accounts',
        id: 'eve',
        insert: {
          ...{ eventId: 'e9', timestamp: AT('2026-01-01'), role: 'manager', searchWords: ['eve'] },
          data: { accountId: 'eve', role: 'manager', name: 'eve' },
        },
      },
    ],
    'accounts/eve: role is manager, and no event ever told of this account',
  ],
  [
    'a version of an account that no event told',
    [
      {
        in: 'account_versions',
        id: 'e9',
        insert: {
          ...{ accountId: 'c', timestamp: AT('2026-02-01') },
          data: { accountId: 'c', role: 'manager', name: 'c' },
        },
      },
    ],
    'account_versions/e9 names event e9, which never came in',
  ],
  [
    'a discount',
    [change('account_versions', 'account-M', { 'data.discountBps': 900 })],
    'account_versions/account-M: disc',
  ],
  [
    'a decision that the owner did not make',
    [
      {
        in: 'role_decisions',
        id: 'c#1',
        insert: {
          ...{ accountId: 'c', number: 1, role: 'manager', by: 'owner', reason: 'none' },
          at: AT('2026-03-10'),
        },
      },
      change('accounts', 'c', { role: 'manager', decision: { number: 1, role: 'manager' } }),
    ],
    'role_decisions/c#1 makes c manager, and the audit trail says nobody did that',
  ],
  [
    'rights that the owner did not give',
    [
      {
        in: 'scope_decisions',
        id: 'boss#1',
        insert: {
          ...{ accountId: 'boss', number: 1, scopes: ['admin'], by: 'owner', reason: 'none' },
          at: AT('2026-03-10'),
        },
      },
    ],
    'scope_decisions/boss#1 gives boss admin, and the audit trail says otherwise',
  ],
  [
    'a key that nobody made',
    [
      {
        in: 'api_keys',
        id: 'back-door',
        insert: {
          ...{ name: 'back-door', kind: 'stored', scopes: ['admin'], createdAt: AT('2026-03-10'), by: 'owner' },
          ...{ expiresAt: null, revokedAt: null, noted: 0, acts: [] },
          secrets: [{ fingerprint: 'ab', hash: 'abcd', until: null }],
        },
      },
    ],
    'api_keys/back-door has a secret that no act gave it',
  ],
  ['an account that is gone', [gone('accounts', 'c')], 'accounts/c is missing'],
  [
    'a chat that speaks for a manager',
    [
      {
        in: 'chat_links',
        id: 'telegram:9',
        insert: { ...{ accountId: 'boss', channel: 'telegram', userId: '9', chatId: '9' }, linkedAt: AT('2026-03-10') },
      },
    ],
    'chat_links/telegram:9 speaks for boss, and nobody ever linked it',
  ],
  [
    'a chat of another account',
    [change('chat_links', 'telegram:2', { accountId: 'boss' })],
    'chat_links/telegram:2 speaks for boss, and nobody ever linked it to that account',
  ],
  ['a chat that is gone', [gone('chat_links', 'telegram:2')], 'chat_links/telegram:2 is missing: it was linked to M'],
  [
    'a code that nobody asked for',
    [{ in: 'link_codes', id: 'h', insert: { accountId: 'boss', expiresAt: AT('2026-03-17T00:10:00Z') } }],
    'link_codes has a code for boss',
  ],
  [
    'a larger payment',
    [change('payments', 'pN', { amount: 9_000 }), change('transactions', 'payment:pN', { amount: 9_000 })],
    'payments/pN: amount is 9000, and event payment-pN says 5000',
  ],
  ['a payment that is gone', [gone('payments', 'p-s2')], 'payments/p-s2 is missing, though event payment-p-s2'],
  [
    'a payment that came in at another time',
    [change('payments', 'p-s2', { arrivedAt: AT('2026-01-01') })],
    'payments/p-s2: arrived 2026-01-01',
  ],
  [
    'a refund that never was',
    [
      {
        in: 'refunds',
        id: 'r9',
        insert: { eventId: 'e9', paymentId: 'pN', amount: 5_000, refundedAt: AT('2026-03-10') },
      },
    ],
    'refunds/r9 names event e9',
  ],
  [
    'another affiliate',
    [change('subscriptions', 's2', { affiliateId: 'eve' })],
    'subscriptions/s2: affiliateId is eve, and event',
  ],
  [
    'another rate of a campaign',
    [change('campaigns', 'camp-N', { 'versions.0.rateBps': 100 })],
    'campaigns/camp-N#campaign-camp-N: rateBps is 100, and event campaign-camp-N says 4000',
  ],
  [
    'another contractor of what is to be billed',
    [change('transactions', 'payment:pV', { contractorId: 'eve' })],
    'transactions/payment:pV: ',
  ],
  [
    'a payment that is never billed',
    [change('transactions', 'payment:pV', { billingWeek: '2099-W01' })],
    'transactions/payment:pV: billingWeek is 2099-W01',
  ],
  ['a payment that is on no invoice', [gone('transactions', 'payment:pV')], 'transactions/payment:pV is missing'],
  [
    'an invoice that is due later',
    [change('invoices', '2026-W09:N', { dueAt: AT('2026-06-01T06:00:00Z') })],
    'invoice 2026-W09:N: dueAt is 2026-06-01',
  ],
  [
    'a discount that nobody earned',
    [change('invoices', '2026-W09:N', { discountBps: 600, discount: 120, total: 1_880 })],
    'invoice 2026-W09:N: discount is 120, not 0',
  ],
  [
    'an invoice that is paid without money',
    [change('invoices', '2026-W09:N', { status: 'completed', completedAt: AT('2026-03-10') })],
    'invoice 2026-W09:N is completed, but its ledger entry is missing',
  ],
  [
    'an invoice that was paid in time',
    [change('invoices', '2026-W09:M', { completedAt: AT('2026-03-01') })],
    'invoice 2026-W09:M: completedAt is 2026-03-01',
  ],
  [
    'an invoice that is skipped',
    [change('invoices', '2026-W09:N', { status: 'skipped' })],
    'invoice 2026-W09:N is skipped',
  ],
  [
    'a line of another contractor',
    [change('invoices', '2026-W09:N', { 'lines.0.contractorId': 'eve' })],
    "invoice 2026-W09:N: its line of camp-N tip is eve's",
  ],
  [
    'another reason of a void',
    [change('invoices', '2026-W09:V', { voidReason: 'none' })],
    'invoice 2026-W09:V: voidReason is none',
  ],
  [
    'a void of which nobody knows',
    [gone('audit_records', 'invoice:2026-W09:V:void')],
    'invoice 2026-W09:V: ops did void it',
  ],
  [
    'a longer grace',
    [change('standing_decisions', 'grace:N:2026-04-01T00:00:00.000Z', { until: AT('2027-01-01') })],
    'standing_decisions/grace:N:2026-04-01T00:00:00.000Z: until is 2027-01-01',
  ],
  [
    'a grace that nobody gave',
    [
      {
        in: 'standing_decisions',
        id: 'grace:M:x',
        insert: { ...{ modelId: 'M', kind: 'grace', reason: 'none', actor: 'boss' }, at: AT('2026-03-10') },
      },
    ],
    "standing_decisions/grace:M:x is boss's, and the audit trail says nobody did that",
  ],
  [
    'a grace that is gone',
    [gone('standing_decisions', 'grace:N:2026-04-01T00:00:00.000Z')],
    'standing_decisions/grace:N:2026-04-01T00:00:00.000Z is missing: ops did partnership.grace',
  ],
  ['a higher price', [change('orders', 'o', { pricePerFan: 900 })], 'orders/o: pricePerFan is 900, and event order-o'],
  [
    'a longer time to answer',
    [change('orders', 'y', { respondBy: AT('2027-01-01') })],
    'order y: respondBy is 2027-01-01',
  ],
  [
    'an order that nobody accepted',
    [gone('audit_records', 'order:o:accepted')],
    'order o: it was accepted, and the audit trail says nobody did that',
  ],
  [
    'an order that was cancelled by nothing',
    [change('orders', 'x', { endedByEvent: 'topup-t1' })],
    'order x: it is cancelled, by event topup-t1, which is balance.topped_up',
  ],
  [
    'an order that was stopped by hand',
    [change('orders', 'y', { status: 'cancelled' })],
    'order y: it is cancelled, and names no event',
  ],
  ['fans that are settled before they come', [change('orders', 'o', { settled: 3 })], 'order o: it is settled for 3'],
  [
    'a fan who does not count',
    [change('order_fans', 'f2', { verdict: 'returning', number: null, modelId: null })],
    'order_fans/f2: its verdict for order o is returning, and no fact says so',
  ],
  [
    'a bot that counts',
    [change('order_fans', 'f3', { verdict: 'counted', number: 3, modelId: 'M' })],
    'order_fans/f3: ',
  ],
  [
    'a fan who is nobody',
    [
      {
        in: 'order_fans',
        id: 'f9',
        insert: {
          ...{ orderId: 'o', fanId: 'f9', verdict: 'counted', number: 3, modelId: 'M' },
          ...{ startedAt: AT('2026-03-02'), judgedAt: AT('2026-03-02') },
        },
      },
    ],
    'order_fans/f9: there is no subscription',
  ],
  ['a fan who is gone', [gone('order_fans', 'f3')], 'order_fans/f3 is missing'],
  ['a larger commission', [change('commissions', 's2~first', { amount: 900 })], 'commission s2~first is 900, approved'],
  [
    'a commission of somebody else',
    [change('commissions', 's2~first', { affiliateId: 'c' })],
    "commission s2~first is c's, and subscription s2 is A's",
  ],
  ['a commission that is gone', [gone('commissions', 's2~first')], 'commission s2~first is missing: 300, approved'],
  [
    'a commission that is paid in a hundred years',
    [change('commissions', 's2~first', { cycle: '2126-04-01' })],
    'commission s2~first is paid with cycle 2126-04-01',
  ],
  [
    'a payout that the platform says nothing of',
    [change('payouts', '2026-03-16:A', { eventId: 'e9' })],
    'payout 2026-03-16:A is paid, by event e9, which never came in',
  ],
  [
    'a payout that is still to be paid',
    [change('payouts', '2026-03-16:A', { status: 'due' })],
    'payout 2026-03-16:A is due, and event settled-2026-03-16:A, which was applied, says paid',
  ],
  [
    'another reference of the bank',
    [change('payouts', '2026-03-16:A', { reference: 'IBAN of eve' })],
    'payout 2026-03-16:A: reference is IBAN of eve',
  ],
  [
    'a payout that somebody else paid',
    [change('payouts', '2026-03-16:A', { actor: 'boss' })],
    'payout 2026-03-16:A is paid by boss',
  ],
];

describe('`verify` believes nothing that is stored', () => {
  test.each(sampleOf(ALTERATIONS, 6))('%s', async (_, forged, line) => {
    const before = await Promise.all(forged.map((one) => documents(one.in).findOne({ _id: one.id })));
    try {
      for (const one of forged) await forge(one);
      const lines = await world.core.verify();
      expect(
        lines.filter((found) => found.startsWith(line)),
        lines.join('\n'),
      ).not.toEqual([]);
    } finally {
      for (const [index, one] of forged.entries()) {
        await documents(one.in).deleteOne({ _id: one.id });
        const was = before[index];
        if (was !== null && was !== undefined) await documents(one.in).insertOne(was);
      }
    }
  });

  test('each document of broken shape has a line, and keeps no other from being compared', async () => {
    const broken: [string, string, Record<string, unknown>, string][] = [
      ['ledger_entries', 'topup:t1', { postings: 'none' }, 'ledger_entries/topup:t1 cannot be read'],
      ['invoices', '2026-W09:N', { lines: 7 }, 'invoice 2026-W09:N cannot be read'],
      ['transactions', 'payment:pM', { occurredAt: 'then' }, 'transactions/payment:pM'],
      ['campaigns', 'camp-V', { versions: 'two' }, 'campaigns/camp-V'],
      ['accounts', 'd', { searchWords: 1 }, 'accounts/d cannot be read'],
      ['account_versions', 'account-c', { data: 'none' }, 'account_versions/account-c'],
      ['payments', 'pN', { amount: { of: 'money' } }, 'payments/pN'],
      ['orders', 'o', { placedAt: 'soon' }, 'order o cannot be read'],
      ['order_fans', 'f1', { startedAt: 'soon' }, 'order_fans/f1'],
      ['commissions', 's2~first', { approvesAt: 'soon' }, 'commission s2~first'],
      ['payouts', '2026-03-16:A', { drawnAt: 'soon' }, 'payout 2026-03-16:A cannot be read'],
      ['chat_links', 'telegram:2', { linkedAt: 'soon' }, 'chat_links/telegram:2 cannot be read'],
    ];
    const before = await Promise.all(broken.map(([name, id]) => documents(name).findOne({ _id: id })));
    for (const [name, id, set] of broken) await forge(change(name, id, set));
    await forge(change('payments', 'pM', { amount: 1 }));
    try {
      const lines = await world.core.verify();
      for (const line of [...broken.map(([, , , wanted]) => wanted), 'payments/pM: amount is 1']) {
        expect(
          lines.filter((found) => found.startsWith(line)),
          `${line}\n\n${lines.join('\n')}`,
        ).not.toEqual([]);
      }
    } finally {
      await forge(change('payments', 'pM', { amount: 10_000 }));
      for (const [index, [name, id]] of broken.entries()) {
        const was = before[index];
        if (was !== null && was !== undefined) await documents(name).replaceOne({ _id: id }, was);
      }
    }
  });

  deepTest('and is content again when all that is undone', async () => {
    expect(await world.core.verify()).toEqual([]);
  });
});

async function forge({ in: name, id, set, insert }: Forged): Promise<void> {
  const collection = documents(name);
  if (set === null || insert !== undefined) await collection.deleteOne({ _id: id });
  if (insert !== undefined) await collection.insertOne({ _id: id, ...insert });
  if (set === null || set === undefined) return;
  const none = Object.entries(set).filter(([, value]) => value === null);
  await collection.updateOne(
    { _id: id },
    {
      $set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null)),
      ...(none.length === 0 ? {} : { $unset: Object.fromEntries(none.map(([field]) => [field, ''])) }),
    },
  );
}
