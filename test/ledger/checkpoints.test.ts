import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { pause } from '../../src/kernel/wait.ts';
import { type Entry, entryOf } from '../../src/ledger/entry.ts';
import type { Ledger } from '../../src/ledger/journal.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { freezeAt } from '../support/faultsFreeze.ts';
import { debit, ledgerOver, topUp } from './world.ts';

const HOUR_MS = 3_600_000;
const BULK = new Set(['bulkWrite']);

let database: TestDatabase;
/** Two processes over one database, with checkpoints at once and of few entries. */
let one: Ledger;
let other: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  one = ledgerOver(database, { checkpointLagMs: 0, entriesPerCheckpoint: 3 });
  other = ledgerOver(database, { checkpointLagMs: 0, entriesPerCheckpoint: 3 });
  await database.buildIndexes();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.connection.collection('ledger_entries').deleteMany({});
  await checkpoints().deleteMany({});
  await one.append(['1', '2', '3', '4'].map((id) => topUp(id, 10_500)));
});

type Stored = { _id: string; balance?: number; pending?: unknown };
const checkpoints = () => database.connection.collection<Stored>('ledger_checkpoints');
const made = () => checkpoints().countDocuments({ _id: 'model:M', balance: { $exists: true } });

/** The clock of a machine that is wrong by so many hours, while `work` runs on it. */
async function withClockOff<T>(hours: number, work: () => Promise<T>): Promise<T> {
  const real = Date.now;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => real() + hours * HOUR_MS);
  try {
    return await work();
  } finally {
    spy.mockRestore();
  }
}

describe('an entry that lands behind a checkpoint is in the balance all the same', () => {
  test('its writer was frozen before the send, while others made a checkpoint', async () => {
    const frozen = freezeAt('ledger_entries', 0, () => one.append([topUp('late', 5_000)]));
    expect(await frozen.frozen).toBe(true);
    await pause(5);
    expect(await other.balance('model:M')).toBe(42_000);
    expect(await made()).toBe(1);
    frozen.thaw();
    await frozen.done;
    expect(await other.balance('model:M')).toBe(47_000);
    expect(await one.verify()).toEqual([]);
  });

  test('the clock of its writer is hours behind', async () => {
    expect(await other.balance('model:M')).toBe(42_000);
    expect(await made()).toBe(1);
    await withClockOff(-5, () => one.append([topUp('late', 5_000)]));
    expect(await other.balance('model:M')).toBe(47_000);
    expect(await one.verify()).toEqual([]);
  });

  test('the clock of whoever made the checkpoint is hours ahead', async () => {
    await withClockOff(5, () => other.balance('model:M'));
    expect(await made()).toBe(1);
    await one.append([topUp('late', 5_000)]);
    expect(await one.balance('model:M')).toBe(47_000);
    expect(await one.verify()).toEqual([]);
  });

  test('it is a decrease', async () => {
    expect(await other.balance('model:M')).toBe(42_000);
    await withClockOff(-5, () => one.take(debit('late', 40_000)));
    expect(await other.balance('model:M')).toBe(2_000);
    expect(await one.verify()).toEqual([]);
  });

  test('it lands between the sum of a checkpoint and its write', async () => {
    // The first write says that a checkpoint is about to be made, the second has it.
    const making = freezeAt('ledger_checkpoints', 1, () => other.balance('model:M'), BULK);
    expect(await making.frozen).toBe(true);
    await withClockOff(-5, () => one.append([topUp('late', 5_000)]));
    making.thaw();
    await making.done;
    expect(await made()).toBe(0);
    expect(await other.balance('model:M')).toBe(47_000);
    expect(await one.verify()).toEqual([]);
  });

  test('it lands while the next checkpoint is made of the one that misses it', async () => {
    expect(await other.balance('model:M')).toBe(42_000);
    await pause(5);
    await one.append(['5', '6', '7'].map((id) => topUp(id, 1_000)));
    await pause(5);
    const making = freezeAt('ledger_checkpoints', 1, () => other.balance('model:M'), BULK);
    expect(await making.frozen).toBe(true);
    await withClockOff(-5, () => one.append([topUp('late', 5_000)]));
    making.thaw();
    await making.done;
    expect(await other.balance('model:M')).toBe(50_000);
    expect(await one.verify()).toEqual([]);
  });

  test('its writer died before it could look, and the same cause is written again', async () => {
    expect(await other.balance('model:M')).toBe(42_000);
    await dieAfterInsert();
    expect(await other.balance('model:M')).toBe(42_000);
    await one.append([topUp('late', 5_000)]);
    expect(await other.balance('model:M')).toBe(47_000);
  });

  test('its writer died before it could look: verify names the checkpoint, and a repair drops it', async () => {
    expect(await other.balance('model:M')).toBe(42_000);
    await dieAfterInsert();
    expect(await one.verify()).toEqual(['model:M: checkpoint says 42000, its entries 47000']);
    expect(await one.dropWrongCheckpoints()).toEqual([
      'model:M: dropped the checkpoint that said 42000, its entries say 47000',
    ]);
    expect(await one.verify()).toEqual([]);
    expect(await one.balance('model:M')).toBe(47_000);
    expect(await one.dropWrongCheckpoints()).toEqual([]);
  });
});

test('money that a late decrease took is not taken again, even while its writer has not looked yet', async () => {
  await withClockOff(1, () => other.balance('model:M'));
  expect(await made()).toBe(1);
  await withClockOff(-5, () => one.take(debit('first', 40_000)));
  // As if the process had died before its look: the checkpoint from before is back.
  await checkpoints().updateOne(
    { _id: 'model:M' },
    { $set: { balance: 42_000, taken: 0, through: new Date(Date.now() + HOUR_MS) }, $unset: { pending: '' } },
    { upsert: true },
  );
  expect(await other.balance('model:M')).toBe(42_000);
  expect(await other.take(debit('second', 40_000))).toEqual({ kind: 'insufficient', balance: 2_000, missing: 38_000 });
});

test('a checkpoint of a version before is not used, and replaced', async () => {
  await checkpoints().insertOne({ _id: 'model:M', balance: 1, through: new Date() } as never);
  expect(await one.balance('model:M')).toBe(42_000);
  expect(await checkpoints().findOne({ _id: 'model:M' })).toMatchObject({ balance: 42_000, taken: 0 });
  expect(await one.verify()).toEqual([]);
});

/** The insert of a process whose clock is behind, which dies before it looks for checkpoints. */
async function dieAfterInsert(): Promise<void> {
  const at = new Date(Date.now() - HOUR_MS);
  await database.connection.collection<Entry>('ledger_entries').insertOne(entryOf(topUp('late', 5_000), at, at));
}
