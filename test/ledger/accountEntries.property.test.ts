import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { EntryView, Ledger } from '../../src/ledger/journal.ts';
import { runsOf } from '../properties/runs.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { debit, ledgerOver, topUp } from './world.ts';

/** Entries of one account: how much comes in or, below zero, goes out, and how long after the one before. */
type Written = { amount: number; laterMs: number };

const entry: fc.Arbitrary<Written> = fc.record({
  amount: fc.integer({ min: -400, max: 1_000 }).filter((amount) => amount !== 0),
  // Many in one millisecond, as a batch writes them.
  laterMs: fc.constantFrom(0, 0, 0, 1, 60_000, 7_200_000),
});
const history = fc.record({
  before: fc.array(entry, { minLength: 1, maxLength: 25 }),
  /** Written while somebody looks through the pages, one after each. */
  meanwhile: fc.array(entry, { maxLength: 6 }),
  limit: fc.integer({ min: 1, max: 7 }),
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  ledgerOver(database);
  await database.buildIndexes();
});
afterAll(() => database.close());

test('the pages of an account agree with its balance and with each other', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ before, meanwhile, limit }) => {
      await database.clear();
      const write = writerOf(ledgerOver(database, { checkpointLagMs: 0, entriesPerCheckpoint: 3 }));
      await write.all(before);
      const balance = await write.ledger.balance('model:M');
      const all: EntryView[] = [];
      const later = meanwhile.values();
      for (let after: string | null | undefined; after !== null; ) {
        const page: Awaited<ReturnType<Ledger['entries']>> = await write.ledger.entries({
          ...{ account: 'model:M', limit },
          ...(after === undefined ? {} : { after }),
        });
        all.push(...page.items);
        after = page.next;
        const next = later.next();
        if (next.done !== true) await write.all([next.value]);
      }
      write.end();
      // Exactly what there was when the walk began, once each, the last written first.
      expect(new Set(all.map(({ entryId }) => entryId))).toEqual(write.idsOf(before.length));
      expect(all).toHaveLength(write.idsOf(before.length).size);
      const amounts = all.map(amountOf);
      expect(all[0]?.balanceAfter).toBe(all.length === 0 ? undefined : balance);
      expect(all.at(-1)?.balanceAfter).toBe(amounts.at(-1));
      for (const [index, { balanceAfter = 0 }] of all.entries()) {
        expect(balanceAfter).toBe(amounts.slice(index).reduce((sum, amount) => sum + amount, 0));
      }
    }),
    runsOf(60).parameters,
  );
});

function amountOf({ postings }: EntryView): number {
  return postings.find(({ account }) => account === 'model:M')?.amount ?? 0;
}

/** Writes with a clock of its own, so that entries share milliseconds or lie hours apart. */
function writerOf(ledger: Ledger) {
  let at = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => at);
  const written: string[][] = [];
  return {
    ledger,
    /** One after the other; what the balance does not cover is not there. */
    all: async (entries: Written[]) => {
      for (const { amount, laterMs } of entries) {
        at += laterMs;
        // Ids are in no order of time.
        const id = `${(written.length * 7) % 10}-${written.length}`;
        if (amount > 0) {
          await ledger.append([topUp(id, amount)]);
          written.push([`topup:${id}`]);
        } else {
          const { kind } = await ledger.take(debit(id, -amount));
          written.push(kind === 'written' ? [`debit:${id}`] : []);
        }
      }
      // What comes after comes later.
      at += 1;
    },
    idsOf: (count: number) => new Set(written.slice(0, count).flat()),
    end: () => clock.mockRestore(),
  };
}
