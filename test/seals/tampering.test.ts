import { afterAll, beforeAll, expect, test } from 'vitest';

import { sealKeyOf } from '../../src/seals/seal.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { createSealedWorld } from './world.ts';

const world = await createSealedWorld();
afterAll(world.close);

beforeAll(async () => {
  await world.begin('2026-03-02T00:00:00Z');
  await world.play();
  // March is closed.
  await world.travelTo('2026-04-01T01:00:00Z');
  await world.seal();
});

/** Of each collection that is sealed, a document of it, and a field that somebody would like to be otherwise. */
const SEALED: Record<string, [id: string, field: string, value: unknown]> = {
  ledger_entries: ['topup:t', 'postings.0.amount', 1],
  events: ['topup-t', 'type', 'payout.settled'],
  audit_records: ['', 'actor', 'somebody'],
  standing_decisions: ['', 'until', new Date('2030-01-01T00:00:00Z')],
  role_decisions: ['', 'role', 'manager'],
  document_numbers: ['', 'number', 99],
  scope_decisions: ['G#1', 'scopes', ['admin']],
  payout_holds: ['', 'until', new Date('2026-03-03T00:00:00Z')],
  account_versions: ['account-A', 'data.role', 'manager'],
  payments: ['p', 'amount', 1],
  cancellations: ['s2', 'cancelledAt', new Date('2026-03-09T00:00:00Z')],
  refunds: ['r', 'amount', 9_000],
  refund_requests: ['q', 'requestedAt', new Date('2026-04-09T00:00:00Z')],
  refund_declines: ['q', 'declinedAt', new Date('2026-04-09T00:00:00Z')],
  program_versions: ['program-default', 'rateBps', 9_000],
  invoices: ['2026-W10:M', 'total', 1],
  payouts: ['2026-04-01:A', 'amount', 1],
  commissions: ['', 'affiliateId', 'B'],
  orders: ['o', 'pricePerFan', 1],
  order_fans: ['f4', 'verdict', 'counted'],
  trial_balances: ['2026-03', 'entries', 1],
  order_amounts: ['o/1', 'amount', 1],
  promises: ['2026-W10:L~1', 'until', new Date('2027-01-01T00:00:00Z')],
  adjustments: ['', 'amount', 1],
  payment_files: ['', 'total', 1],
  payout_results: ['', 'by', 'somebody'],
};

test('nothing is found where nobody has changed anything, and something of each kind is sealed', async () => {
  expect(await world.verify()).toEqual([]);
  const counts = (await world.all()).map((seal) => seal.counts);
  const sealed = Object.keys(SEALED).map((source) => counts.reduce((sum, count) => sum + (count[source] ?? 0), 0));
  expect(sealed.filter((count) => count === 0)).toEqual([]);
  const sources = new Set(counts.flatMap((count) => Object.keys(count)));
  expect([...sources].sort()).toEqual(Object.keys(SEALED).sort());
});

/** Changes a collection, looks what `verify` says of it, and puts it back. */
async function tamper(name: string, change: () => Promise<unknown>): Promise<string[]> {
  const collection = world.connection.collection<{ _id: string | number }>(name);
  const before = await collection.find().toArray();
  await change();
  const found = await world.core.seals.verify();
  await collection.deleteMany({});
  if (before.length > 0) await collection.insertMany(before as never);
  return found;
}

async function idIn(name: string): Promise<string> {
  const [given] = SEALED[name] ?? [''];
  if (given !== '') return given;
  return String((await world.collection(name).findOne({}))?._id);
}

test.each(sampleOf(Object.keys(SEALED), 2))(
  '%s: what is altered, deleted, or put there behind the seals is named',
  async (name) => {
    const [, field = '', value] = SEALED[name] ?? [];
    const _id = await idIn(name);
    const collection = world.collection(name);
    expect(await tamper(name, () => collection.updateOne({ _id }, { $set: { [field]: value } }))).toEqual([
      expect.stringMatching(new RegExp(`^${name} ${_id}: it is not as it was sealed \\(seal \\d+\\)$`)),
    ]);
    expect(await tamper(name, () => collection.deleteOne({ _id }))).toEqual([
      expect.stringMatching(new RegExp(`^${name} ${_id}: it was sealed, and is gone \\(seal \\d+\\)$`)),
    ]);
    const { insertedAt } = (await collection.findOne({ _id })) as unknown as { insertedAt: Date };
    const before = new Date(insertedAt.getTime() - 7_200_000);
    const forged = () => collection.insertOne({ _id: 'forged', insertedAt: before } as never);
    expect(await tamper(name, forged)).toEqual([`${name} forged: it was put there after its time was sealed`]);
  },
);

test('an invoice or payout that is made of something else is named', async () => {
  const members = {
    invoice_members: ['invoices 2026-W10:L', 'invoices 2026-W10:M'],
    payout_members: ['payouts 2026-04-01:A'],
  };
  for (const [name, subjects] of Object.entries(members)) {
    const set = name === 'invoice_members' ? { 'transactionIds.0': 'payment:x' } : { 'items.0.amount': 1 };
    expect(await tamper(name, () => world.collection(name).updateMany({}, { $set: set }))).toEqual(
      subjects.map((subject) =>
        expect.stringMatching(new RegExp(`^${subject}: it is not made of the (transactions|commissions) `)),
      ),
    );
  }
});

test('an event with another body is named', async () => {
  const change = () => world.collection('events').updateOne({ _id: 'topup-t' }, { $set: { body: '{"type":"x"}' } });
  expect(await tamper('events', change)).toEqual([
    expect.stringMatching(/^events topup-t: its body is not the one that came in/),
  ]);
});

deepTest('a seal that is deleted, or made again under another key, is named', async () => {
  await world.send();
  const [first] = await world.all();
  if (first === undefined) throw new Error('nothing was sealed');
  await world.seal();
  const deleted = await tamper('seals', () => world.seals().deleteOne({ _id: first._id }));
  expect(deleted.join('\n')).toMatch(/seal 1 was anchored, and gone since/);
  const other = sealKeyOf(Buffer.alloc(32, 9));
  const remade = await tamper('seals', () => world.seals().updateOne({ _id: 1 }, { $set: { keyId: other.id } }));
  expect(remade).toEqual([`seal 1 bears the mac of key ${other.id}, which SEAL_KEY does not name`]);
  const uncounted = await tamper('seals', () =>
    world.seals().updateOne({ _id: 1 }, { $set: { 'groups.0.count': 2, 'groups.0.before': 1 } }),
  );
  expect(uncounted.join('\n')).toMatch(/seal 1 does not have the leaves that it was made of/);
});
