import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Entry, EntryDraft } from '../../src/ledger/entry.ts';
import { takenFrom } from '../../src/ledger/guards.ts';
import type { Ledger } from '../../src/ledger/journal.ts';
import type { Taken } from '../../src/ledger/takes.ts';
import { runsOf } from '../properties/runs.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { interleaved } from './interleaved.ts';
import { debit, ledgerOver, topUp } from './world.ts';

const ACCOUNTS = ['model:A', 'model:B', 'credit:A', 'marketer:M'];
const HOUR_MS = 3_600_000;

const step = fc.oneof(
  { weight: 5, arbitrary: of('take') },
  { weight: 4, arbitrary: of('increase') },
  { weight: 1, arbitrary: of('take from all') },
  { weight: 1, arbitrary: of('read') },
  { weight: 1, arbitrary: of('forget') },
);

/** What is asked of one of two processes, both with clocks of their own. The id says how much it is about. */
type Step = { process: number; what: string; account: string; id: number };

function of(what: string): fc.Arbitrary<Step> {
  return fc.record({
    process: fc.nat(1),
    what: fc.constant(what),
    account: fc.constantFrom(...ACCOUNTS),
    id: fc.nat(40),
  });
}

/** Steps of one moment begin together; what is frozen may go on after it. */
type History = { moments: Step[][]; hoursOff: [number, number]; freezes: number; dice: Iterator<number> };

const history: fc.Arbitrary<History> = fc.record({
  moments: fc.array(fc.array(step, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 6 }),
  hoursOff: fc.tuple(fc.constantFrom(0, -3, 3), fc.constantFrom(0, -3, 3)),
  freezes: fc.constantFrom(0, 0.05, 0.2),
  dice: fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  ledgerOver(database);
  await database.buildIndexes();
});
afterAll(() => database.close());

const entries = () => database.connection.collection<Entry>('ledger_entries');

/** What was asked for and what became of it; `from` and `until` count on one counter. */
type Asked = { draft: EntryDraft; from: number; until: number; outcome: Taken | { kind: 'appended' } };

/**
 * Any interleaving of takes, increases, checkpoints and frozen writers: no account is ever below zero, every refusal is
 * justified, what is carried follows, and balances are the plain sums.
 */
test('takes, increases, checkpoints and frozen writers, in any order', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      await database.clear();
      const asked = await play(one);
      const sums = await plainSums();
      expect(await process().verify()).toEqual([]);
      expect(await process().balances(ACCOUNTS)).toEqual(sums);
      expect([...sums.values()].filter((sum) => sum < 0)).toEqual([]);
      for (const one of asked) expectJustified(one, asked);
      const written = asked.filter(({ outcome }) => outcome.kind === 'written').map(({ draft }) => draft.entryId);
      expect(new Set(written).size).toBe(written.length);
    }),
    runsOf(150).parameters,
  );
});

function process(): Ledger {
  return ledgerOver(database, { checkpointLagMs: 0, entriesPerCheckpoint: 3 });
}

async function play({ moments, hoursOff, freezes, dice }: History): Promise<Asked[]> {
  const [one, other] = [process(), process()];
  const real = Date.now;
  let off = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() + off * HOUR_MS);
  const writes = interleaved({ dice: () => dice.next().value, freezes });
  const asked: Asked[] = [];
  const work: Promise<unknown>[] = [];
  let count = 0;

  async function ask(draft: EntryDraft, call: () => Promise<Asked['outcome']>): Promise<void> {
    count += 1;
    const from = count;
    const outcome = await call();
    count += 1;
    asked.push({ draft, from, until: count, outcome });
  }

  async function begin(ledger: Ledger, { what, account, id }: Step): Promise<void> {
    const increase = topUp(`${account}-${id}`, id, account);
    switch (what) {
      case 'take':
        return ask(takeOf(account, id), () => ledger.take(takeOf(account, id)));
      case 'take from all':
        await Promise.all(ACCOUNTS.map((each) => ask(takeOf(each, id), () => ledger.take(takeOf(each, id)))));
        return;
      case 'increase':
        return ask(increase, async () => {
          await ledger.append([increase]);
          return { kind: 'appended' };
        });
      case 'forget':
        return forget(account);
      default:
        await ledger.balances(ACCOUNTS);
    }
  }

  try {
    for (const steps of moments) {
      for (const step of steps) {
        off = hoursOff[step.process] ?? 0;
        work.push(begin(step.process === 0 ? one : other, step));
      }
      // What is not frozen is done, or nearly; some of it meets the next moment.
      await Promise.race([Promise.all(work), new Promise((resolve) => setTimeout(resolve, 5))]);
      if (dice.next().value < 0.5) writes.thaw();
    }
    writes.uninstall();
    await Promise.all(work);
  } finally {
    writes.uninstall();
    await Promise.allSettled(work);
    clock.mockRestore();
  }
  return asked;
}

/** Some answer a question that others answer, too. */
function takeOf(account: string, id: number): EntryDraft {
  return debit(`${account}-${id}`, (id * 7) % 30, account, id % 4 === 0 ? `question ${id % 12}` : undefined);
}

/** Leaves the last decrease as a process of the version before writes it. */
async function forget(book: string): Promise<void> {
  const last = await entries().findOne({ book, guard: { $gte: 1 } }, { sort: { guard: -1 } });
  if (last !== null) await entries().updateOne({ _id: last._id }, { $unset: { carried: '' } });
}

async function plainSums(): Promise<Map<string, number>> {
  const all = await entries().find({}).toArray();
  const postings = all.flatMap((entry) => entry.postings);
  const sumOf = (account: string) =>
    postings.reduce((sum, posting) => sum + (posting.account === account ? posting.amount : 0), 0);
  return new Map(ACCOUNTS.map((account) => [account, sumOf(account)]));
}

/**
 * A refusal is justified when, at some moment between asking and its answer, so much may have been there as was not
 * enough: what had surely come in before it, less what may have been taken by its end.
 */
function expectJustified({ draft, from, until, outcome }: Asked, asked: Asked[]): void {
  if (outcome.kind !== 'insufficient') return;
  const sumOf = (some: Asked[]) => {
    const drafts = new Map(some.map((one) => [one.draft.entryId, one.draft]));
    return [...drafts.values()].reduce((sum, one) => sum - takenFrom(one), 0);
  };
  const mine = asked.filter((one) => one.draft.book === draft.book);
  const came = sumOf(mine.filter((one) => one.outcome.kind === 'appended' && one.until < from));
  const went = sumOf(mine.filter((one) => one.outcome.kind === 'written' && one.from < until));
  expect(outcome.balance + outcome.missing).toBe(takenFrom(draft));
  expect(outcome.missing).toBeGreaterThan(0);
  expect(came + went).toBeLessThan(takenFrom(draft));
}
