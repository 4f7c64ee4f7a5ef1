import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { EntryDraft } from '../../src/ledger/entry.ts';
import type { Ledger } from '../../src/ledger/journal.ts';
import { bookSumsPipeline } from '../../src/ledger/sums.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { debit, ledgerOver, NOW, topUp } from './world.ts';

/** An affiliate's account is summed up by a field of its entries that an index has, and not by their postings. */

let database: TestDatabase;
let ledger: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  ledger = ledgerOver(database, { checkpointLagMs: 0, entriesPerCheckpoint: 10 });
  await database.buildIndexes();
});
afterAll(() => database.close());
beforeEach(async () => {
  await entries().deleteMany({});
  await database.connection.collection('ledger_checkpoints').deleteMany({});
});

const entries = () => database.connection.collection<{ _id: string; bookAmount?: number }>('ledger_entries');

const earned = (id: string, amount: number, account = 'affiliate:A'): EntryDraft => ({
  ...{ entryId: `commission:${id}:approved`, book: account, effectiveAt: NOW },
  postings: [
    { account, amount },
    { account: 'platform:commissions', amount: -amount },
  ],
});

/** A payout of both parts: what it takes of the second account is in no book of that. */
const paidOut = (id: string, amount: number): EntryDraft => ({
  ...{ entryId: `payout:${id}:due`, book: 'affiliate:A', effectiveAt: NOW },
  postings: [
    { account: 'affiliate:A', amount: -amount },
    { account: 'marketer:A', amount: -1 },
    { account: 'world:payouts', amount: amount + 1 },
  ],
});

test('what was earned, corrected and taken comes to the balance, with and without a checkpoint', async () => {
  await ledger.append([
    topUp('m', 5, 'marketer:A'),
    earned('b', 7, 'affiliate:B'),
    ...Array.from({ length: 12 }, (_, index) => earned(`a${index}`, 100)),
  ]);
  // The first look makes checkpoints, which the second reads.
  for (const _ of ['made', 'read']) {
    const balances = await ledger.balances(['affiliate:A', 'affiliate:B', 'affiliate:C', 'marketer:A']);
    expect([...balances.values()]).toEqual([1_200, 7, 0, 5]);
  }
  expect(await ledger.take(paidOut('1', 1_000))).toMatchObject({ kind: 'written', entry: { bookAmount: -1_000 } });
  await ledger.append([earned('corrected', -150)]);
  expect(await ledger.balance('affiliate:A')).toBe(50);
  expect(await ledger.take(paidOut('2', 51))).toMatchObject({ kind: 'insufficient', balance: 50 });
  expect(await ledger.take(paidOut('3', 50))).toMatchObject({ kind: 'written', entry: { guard: 2 } });
  expect(await ledger.balances(['affiliate:A', 'marketer:A'])).toEqual(
    new Map([
      ['affiliate:A', 0],
      ['marketer:A', 3],
    ]),
  );
  expect(await ledger.verify()).toEqual([]);
});

test('reads the index alone, of many accounts and of the entries since a checkpoint', async () => {
  await ledger.append(Array.from({ length: 40 }, (_, index) => earned(`${index}`, 1, `affiliate:${index % 4}`)));
  const since = { insertedAt: { $gt: new Date(0) } };
  for (const pipeline of [bookSumsPipeline(['affiliate:1']), bookSumsPipeline(['affiliate:1', 'affiliate:2'], since)]) {
    const stats = JSON.stringify(await entries().aggregate(pipeline).explain('executionStats'));
    expect(stats).toContain('"totalDocsExamined":0');
  }
});

test('only entries of its own book post to such an account, and verify says which differ', async () => {
  const foreign = { ...earned('x', 5), book: 'model:M' };
  await expect(ledger.append([foreign])).rejects.toThrow('commission:x:approved posts to affiliate:A outside its book');
  await ledger.append([earned('1', 10), earned('2', 20), topUp('3', 30)]);
  await entries().updateOne({ _id: 'commission:1:approved' }, { $set: { bookAmount: 11 } });
  await entries().updateOne({ _id: 'commission:2:approved' }, { $unset: { bookAmount: '' } });
  await entries().updateOne({ _id: 'topup:3' }, { $set: { bookAmount: 30 } });
  expect(await ledger.verify()).toEqual([
    'commission:1:approved: its bookAmount is 11, not 10',
    'commission:2:approved: its bookAmount is none, not 20',
    'topup:3: its bookAmount is 30, not none',
  ]);
  expect((await ledger.take(debit('4', 30))).kind).toBe('written');
});
