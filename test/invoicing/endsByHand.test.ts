import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { EndOutcome } from '../../src/invoicing/invoices.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';

/**
 * One world for all: each test takes a model of its own, and later ones come at a later instant. W09 of a model is paid, W10 leaves
 * a credit of 5.00, of a refund; W11 costs 20.00, of which the discount takes 2.00 and the credit 5.00: 13.00 are owed, due
 * on the 19th.
 */
let world: World;
const MODELS = Array.from({ length: 22 }, (_, index) => `M${index}`);
let ID = '';
let M = '';
const BY = { actor: 'ops', reason: 'insolvent' };
const paid = { actor: 'ops', reference: 'SEPA 1' };
const ON_TIME = new Date('2026-03-18T00:00:00Z');
const invoices = (process = 0) => world.processes[process]?.invoicing.invoices ?? world.core.invoicing.invoices;
const now = () => world.clock.now();

beforeAll(async () => {
  world = await createWorld({ environment: PLATFORM, processes: 2, startsAt: '2026-03-02T00:00:00Z' });
  const of = (payment: string, amount: number, day: string) => (model: string) =>
    tell.payment(`${payment}${model}`, amount, day, { campaignId: `A${model}` });
  await world.send(
    ...MODELS.flatMap((model) => [
      ...[tell.account(model, 'model', { discountBps: 1_000 }), tell.account(`c${model}`, 'marketer')],
      ...[tell.campaign(`A${model}`, model, `c${model}`, 5_000), tell.topUp(`t${model}`, model, 900)],
      ...['p', 'r'].map((payment) => of(payment, 1_000, '2026-02-24T00:00:00Z')(model)),
    ]),
  );
  await world.travelTo('2026-03-03T00:00:00Z');
  await world.send(...MODELS.map((model) => tell.refund(`f${model}`, `r${model}`, 1_000, '2026-03-03T00:00:00Z')));
  await world.travelTo('2026-03-10T00:00:00Z');
  await world.send(...MODELS.map(of('q', 4_000, '2026-03-10T00:00:00Z')));
  await world.travelTo('2026-03-16T12:00:00Z');
});
afterAll(() => world.close());

/** Another model, with its unpaid invoice. */
function nextModel(): string {
  M = MODELS.pop() ?? '';
  ID = `2026-W11:${M}`;
  return ID;
}

beforeEach(async () => {
  nextModel();
  expect(await invoices().get(ID, now())).toMatchObject({ subtotal: 2_000, discount: 200, credit: 500, total: 1_300 });
});

const accounts = () => [
  ...[`model:${M}`, `credit:${M}`, `marketer:c${M}`, 'platform:invoiced', 'platform:discounts'],
  ...['platform:write-offs', 'world:settlements'],
];
const balances = async () => Object.fromEntries(await world.core.ledger.balances(accounts()));
const webhooks = async () => {
  const found = await world
    .collection('outgoing_webhooks')
    .find({ subject: `model:${M}` } as object)
    .toArray();
  return found.map((one) => String((one as { type?: unknown }).type));
};
const standing = async () => (await world.core.standing.standings.standing(M, now()))?.campaigns;
const trust = async () => {
  const changes = (await world.core.standing.standings.trust(M, now())) ?? [];
  return changes.filter(({ subject }) => subject === ID).map(({ cause }) => cause);
};
const acts = async () => (await world.core.audit.list({ subject: `invoice:${ID}`, limit: 9 })).items;

/** What an act moved, of all accounts that an invoice has to do with. */
async function movedBy(act: () => Promise<EndOutcome>): Promise<Record<string, number>> {
  const before = await balances();
  expect((await act()).kind).toBe('done');
  const after = await balances();
  const moved = accounts().map((account): [string, number] => [
    account,
    (after[account] ?? 0) - (before[account] ?? 0),
  ]);
  return Object.fromEntries(moved.filter(([, amount]) => amount !== 0));
}

describe('written off (rules 1.7)', () => {
  test('its contractors get nothing, and the platform keeps the credit that it took', async () => {
    const moved = await movedBy(() => invoices().writeOff(ID, BY, now()));
    expect(moved).toEqual({ 'platform:invoiced': -500, 'platform:write-offs': 500 });
    expect(await invoices().get(ID, now())).toMatchObject({
      ...{ status: 'written_off', writeOffReason: 'insolvent', contractorsPaid: false, completedAt: null },
    });
  });

  test("or they get their lines at the platform's expense", async () => {
    const moved = await movedBy(() => invoices().writeOff(ID, { ...BY, payContractors: true }, now()));
    expect(moved).toEqual({
      ...{
        'platform:invoiced': -500,
        'platform:discounts': -200,
        'platform:write-offs': -1_300,
        [`marketer:c${M}`]: 2_000,
      },
    });
    expect(await acts()).toMatchObject([
      { actor: 'ops', action: 'invoice.write-off', reason: 'insolvent', after: { contractorsPaid: true } },
    ]);
  });
});

describe('paid outside (rules 1.7)', () => {
  test('it is completed as by any payment, by money that is not on the balance', async () => {
    const moved = await movedBy(() => invoices().payOutside(ID, paid, now()));
    expect(moved).toEqual({
      ...{
        'world:settlements': -1_300,
        'platform:invoiced': -500,
        'platform:discounts': -200,
        [`marketer:c${M}`]: 2_000,
      },
    });
    expect(await invoices().get(ID, now())).toMatchObject({ status: 'completed', reference: 'SEPA 1', paidAt: now() });
    expect(await trust()).toEqual(['invoice-on-time']);
    expect((await webhooks()).at(-2)).toBe('invoice.completed');
    expect(await acts()).toMatchObject([{ action: 'invoice.paid-outside', reason: 'SEPA 1' }]);
  });

  test.each([
    ['after now', '2026-03-16T12:00:00.001Z', 'paid_in_future'],
    ['before its issue', '2026-03-16T05:59:59.999Z', 'paid_before_issue'],
  ])('refused when it is dated %s', async (_, paidAt, reason) => {
    const outcome = await invoices().payOutside(ID, { ...paid, paidAt: new Date(paidAt) }, now());
    expect(outcome).toMatchObject({ kind: 'refused', state: 'open', reason });
    expect(await invoices().get(ID, now())).toMatchObject({ status: 'open' });
  });
});

describe('an invoice ends once', () => {
  const ENDS = {
    debit: (process = 0) => invoices(process).pay(ID, { actor: 'ops' }, now()),
    void: (process = 0) => invoices(process).void(ID, BY, now()),
    'write-off': (process = 0) => invoices(process).writeOff(ID, BY, now()),
    'paid outside': (process = 0) => invoices(process).payOutside(ID, { actor: 'ops', reference: 'SEPA 1' }, now()),
  };
  const kinds = Object.keys(ENDS) as (keyof typeof ENDS)[];
  const ALREADY = { debit: 'already-paid', void: 'already', 'write-off': 'already', 'paid outside': 'already' };
  const STATES = { debit: 'completed', void: 'void', 'write-off': 'written_off', 'paid outside': 'completed' };

  test('paid by a top-up, nothing else ends it', async () => {
    await world.send(tell.topUp(`enough${M}`, M, 1_300));
    for (const next of kinds) {
      expect(await ENDS[next]()).toMatchObject(
        next === 'debit'
          ? { kind: 'already-paid' }
          : { kind: 'refused', state: 'completed', reason: 'invoice_completed' },
      );
    }
  });

  test.each(kinds.filter((kind) => kind !== 'debit'))('after a %s nothing else ends it', async (first) => {
    expect(await ENDS[first]()).toMatchObject({ kind: 'done' });
    await world.send(tell.topUp(`enough${M}`, M, 5_000));
    const before = await balances();
    for (const next of kinds) {
      const isPaid = STATES[first] === 'completed';
      const isSame = next === first || (next === 'debit' && isPaid);
      expect(await ENDS[next](1)).toMatchObject(
        isSame
          ? { kind: ALREADY[next] }
          : { kind: 'refused', state: STATES[first], reason: `invoice_${STATES[first]}` },
      );
    }
    expect(await balances()).toEqual(before);
    const other = await invoices().payOutside(ID, { actor: 'ops', reference: 'SEPA 2' }, now());
    expect(other).toMatchObject({ kind: 'refused' });
  });

  test('whatever comes at once, from two processes and with a top-up', async () => {
    const { [`marketer:c${M}`]: before = 0 } = await balances();
    const outcomes = await Promise.all([
      ...kinds.flatMap((kind) => [ENDS[kind](0), ENDS[kind](1)]),
      world.send(tell.topUp(`at-once${M}`, M, 1_300)),
    ]);
    const done = outcomes.filter((one) => one?.kind === 'done' || one?.kind === 'paid');
    const invoice = await invoices().get(ID, now());
    const isByHand = invoice?.status !== 'completed' || invoice.reference !== undefined;
    expect(done.length).toBeGreaterThanOrEqual(isByHand ? 1 : 0);
    expect(done.length).toBeLessThanOrEqual(1);
    const { [`marketer:c${M}`]: after = 0 } = await balances();
    expect(after - before).toBe(invoice?.status === 'completed' ? 2_000 : 0);
  });
});

test('what is only simulated writes nothing, and says what would be also when the ledger has decided', async () => {
  const before = await balances();
  const simulated = await invoices().writeOff(ID, { ...BY, payContractors: true, simulated: true }, now());
  expect(simulated).toMatchObject({ kind: 'done', invoice: { status: 'written_off', contractorsPaid: true } });
  expect(await invoices().get(ID, now())).toMatchObject({ status: 'open' });
  expect(await balances()).toEqual(before);

  // As a crash leaves it: the entry is there, and the state is not.
  await invoices().writeOff(ID, BY, now());
  await world.collection('invoices').updateOne({ _id: ID }, { $set: { status: 'open' } as object });
  const voided = await invoices().void(ID, { ...BY, simulated: true }, now());
  expect(voided).toMatchObject({ kind: 'refused', state: 'written_off', reason: 'invoice_written_off' });
  expect(await invoices().get(ID, now())).toMatchObject({ status: 'open' });
  await invoices().reconcile();
  expect(await invoices().get(ID, now())).toMatchObject({ status: 'written_off' });
});

deepTest('verify finds what was altered of invoices that were ended by hand', async () => {
  const damages: [collection: string, $set: object, line: RegExp][] = [
    ['invoices', { status: 'open' }, /is open, but its ledger entry is invoice:.*:written_off/],
    ['invoices', { status: 'void' }, /is void, but its ledger entry is invoice:.*:written_off/],
    ['invoices', { contractorsPaid: true }, /its ledger entry moves other amounts/],
    ['invoices', { writeOffReason: 'paid' }, /writeOffReason is paid, and its ledger entry says insolvent/],
    ['invoices', { reference: 'SEPA 2', paidAt: new Date(0) }, /reference is SEPA 2, and its ledger entry says SEPA 1/],
    ['audit_records', { actor: 'x' }, /ops did paid-outside it on .*, and the audit trail says x/],
  ];
  const mended: (() => Promise<unknown>)[] = [];
  const expected: [string, RegExp][] = [];
  for (const [collection, $set, line] of damages) {
    const isWriteOff = line.source.includes('written_off') || /contractors|amounts|insolvent/.test(line.source);
    await (isWriteOff ? invoices().writeOff(ID, BY, now()) : invoices().payOutside(ID, paid, now()));
    const which = collection === 'invoices' ? { _id: ID } : { subject: `invoice:${ID}` };
    const stored = await world.collection(collection).findOne(which as object);
    if (stored === null) throw new Error(`nothing in ${collection} of ${ID}`);
    await world.collection(collection).updateOne({ _id: stored._id }, { $set });
    mended.push(() => world.collection(collection).replaceOne({ _id: stored._id }, stored));
    expected.push([ID, line]);
    nextModel();
  }
  const lines = await world.core.verify();
  for (const [id, line] of expected) expect(lines.filter((one) => one.includes(id)).join('\n')).toMatch(line);
  for (const mend of mended) await mend();
  expect(await world.core.verify()).toEqual([]);
});

describe('after it was due', () => {
  beforeAll(() => world.travelTo('2026-03-20T00:00:00Z'));

  test('what is written off is overdue no more, and what that cost of trust stays', async () => {
    expect([await standing(), await trust()]).toEqual(['paused', ['invoice-late']]);
    await invoices().writeOff(ID, BY, now());
    expect([await standing(), await trust()]).toEqual(['running', ['invoice-late']]);
    expect((await webhooks()).slice(-2)).toEqual(['invoice.written_off', 'campaigns.resumed']);
    expect(await world.core.invoicing.openOf(M)).toEqual({ invoices: 0, transactions: 0 });
  });

  test('when the money came decides whether a payment outside was on time, and it runs again at once', async () => {
    await invoices().payOutside(ID, { ...paid, paidAt: ON_TIME }, now());
    expect([await standing(), await trust()]).toEqual(['running', ['invoice-on-time']]);
    expect(await invoices().get(ID, now())).toMatchObject({ completedAt: now(), paidAt: ON_TIME });
  });

  test('money that came at the instant when it was due came late', async () => {
    await invoices().payOutside(ID, { ...paid, paidAt: new Date('2026-03-19T06:00:00Z') }, now());
    expect(await trust()).toEqual(['invoice-late']);
  });

  deepTest(
    'she was told once, in words, and reminded no more; nothing is billed again, and all of it agrees',
    async () => {
      await world.linked(M, 'telegram', 1);
      await invoices().writeOff(ID, BY, now());
      await invoices(1).writeOff(ID, BY, now());
      await world.send(tell.topUp(`more${M}`, M, 5_000));
      await world.travelTo('2026-03-31T12:00:00Z');
      const told = (await outboxOf(world.collection)).map(({ content }) => content);
      const ofInvoice = told.filter(({ data }) => (data as { invoiceId?: string }).invoiceId === ID);
      expect(ofInvoice.map(({ kind }) => kind)).toEqual(['invoice.written_off', 'invoice.card']);
      expect((await invoices().list({ modelId: M, limit: 9 }, now())).items.map(({ week }) => week)).toEqual([
        ...['2026-W11', '2026-W10', '2026-W09'],
      ]);
      expect(await world.core.ledger.balance(`model:${M}`)).toBe(5_000);
      expect(await world.core.followUps.pending()).toEqual([]);
      expect(await world.core.verify()).toEqual([]);
    },
  );
});
