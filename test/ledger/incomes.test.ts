import { afterAll, beforeAll, expect, it } from 'vitest';

import { createLedger } from '../../src/ledger/journal.ts';
import { testDatabase } from '../support/database.ts';
import { textsOver } from '../support/privacy.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let ledger: ReturnType<typeof createLedger>;

const SUNDAY = '2026-03-08T23:30:00Z';
const MONDAY = '2026-03-09T00:30:00Z';

beforeAll(async () => {
  database = await testDatabase();
  ledger = createLedger({
    connection: database.connection,
    texts: textsOver(database.connection),
    clock: { now: () => new Date(MONDAY) },
  });
  await ledger.append([
    {
      entryId: 'payout:2026-03-01:marco:due',
      book: 'marketer:marco',
      postings: [
        { account: 'marketer:marco', amount: -40 },
        { account: 'world:payouts', amount: 40 },
      ],
      effectiveAt: new Date(MONDAY),
    },
  ]);
  await ledger.append(
    (
      [
        ['order:o1:amount:1', 100, '2026-03-01T12:00:00Z'],
        ['order:o1:amount:2', 200, SUNDAY],
        ['order:o1:amount:3', 300, MONDAY],
        ['order:o1:amount:4', 400, MONDAY],
        ['order:o1:r2:amount:1', 500, MONDAY],
        ['invoice:2026-W10:ava:completed', -50, MONDAY],
      ] as const
    ).map(([entryId, amount, at]) => ({
      entryId,
      book: 'escrow:ava',
      postings: [
        { account: 'escrow:ava', amount: -amount },
        { account: 'marketer:marco', amount },
      ],
      effectiveAt: new Date(at),
    })),
  );
});
afterAll(() => database.close());

function incomes(timeZone: string, since = '2026-03-02T00:00:00Z') {
  return ledger.incomes({ account: 'marketer:marco', since: new Date(since), timeZone });
}

it('sums what came in by week and by what for, the newest week first', async () => {
  expect(await incomes('UTC')).toEqual([
    { week: '2026-W11', kind: 'invoice', subject: '2026-W10:ava', amount: -50 },
    { week: '2026-W11', kind: 'order', subject: 'o1', amount: 700 },
    { week: '2026-W11', kind: 'order', subject: 'o1:r2', amount: 500 },
    { week: '2026-W10', kind: 'order', subject: 'o1', amount: 200 },
  ]);
});

it('sums by week alone what came in for very many things', async () => {
  const query = { account: 'marketer:marco', since: new Date('2026-03-02T00:00:00Z') };
  expect(await ledger.weekIncomes({ ...query, timeZone: 'UTC' })).toEqual([
    { week: '2026-W11', amount: 1_150 },
    { week: '2026-W10', amount: 200 },
  ]);
  expect(await ledger.weekIncomes({ ...query, timeZone: 'Europe/Berlin' })).toEqual([
    { week: '2026-W11', amount: 1_350 },
  ]);
});

it('begins weeks in the zone that is asked for, and is nothing to others', async () => {
  const weeks = (await incomes('Europe/Berlin')).map(({ week, amount }) => [week, amount]);
  expect(weeks).toEqual([
    ['2026-W11', -50],
    ['2026-W11', 900],
    ['2026-W11', 500],
  ]);
  expect(await ledger.incomes({ account: 'marketer:nina', since: new Date(0), timeZone: 'UTC' })).toEqual([]);
});
