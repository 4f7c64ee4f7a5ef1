import type { EntryDraft } from '../../src/ledger/entry.ts';
import type { Ledger } from '../../src/ledger/journal.ts';
import { alternate, type Benchmark, inBatches, ratesFigure } from './measure.ts';
import { createWorld } from './world.ts';

const NOW = new Date('2026-11-18T10:00:00Z');
const CALLERS = 64;
const ACCOUNTS = 1_000;
const TOP_UPS_PER_ACCOUNT = 20;
const TAKES = 6_000;
const ROUNDS = 3;

/**
 * Takes from guarded accounts by 64 callers, each one after the other: over a thousand accounts, and from one hot one.
 * The limit is the ledger's own entries that need no guard, of the same callers.
 */
export const takes: Benchmark = {
  run: async () => {
    const world = await createWorld(NOW);
    const { ledger } = world.core;
    try {
      const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `model:m${index}`);
      for (const batch of inBatches(accounts, 50)) {
        const drafts = batch.flatMap((account) =>
          Array.from({ length: TOP_UPS_PER_ACCOUNT }, (_, index) => topUp(account, `${account}-${index}`, 1_000_000)),
        );
        await ledger.append(drafts);
      }
      await ledger.append([topUp('model:hot', 'hot', 1_000_000_000)]);
      const accountOf = (index: number) => accounts[(index * 7) % ACCOUNTS] ?? '';
      const append = (round: number, name: string) =>
        byCallers((index) => ledger.append([topUp(accountOf(index), `${name}-${round}-${index}`, 1)]));
      const spread = (round: number) => byCallers((index) => takeFrom(ledger, accountOf(index), `${round}-${index}`));
      const hot = (round: number) => byCallers((index) => takeFrom(ledger, 'model:hot', `${round}-${index}`));
      await append(-1, 'warm');
      await spread(-1);
      await hot(-1);
      const wide = await alternate(ROUNDS, spread, (round) => append(round, 'spread'));
      const narrow = await alternate(ROUNDS, hot, (round) => append(round, 'hot'));
      return [
        ratesFigure('takes over 1 000 accounts, 64 callers / appends', wide, { atLeast: 0.7 }),
        ratesFigure('takes from one hot account, 64 callers / appends', narrow, { atLeast: 0.25 }),
      ];
    } finally {
      await world.close();
    }
  },
};

/** How many a second are done by 64 callers, each one after the other. */
async function byCallers(call: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next < TAKES) await call(next++);
    }),
  );
  return TAKES / ((performance.now() - start) / 1_000);
}

async function takeFrom(ledger: Ledger, account: string, id: string): Promise<void> {
  const taken = await ledger.take(entry(account, `take:${account}-${id}`, -10));
  if (taken.kind !== 'written') throw new Error(`${id} is ${taken.kind}`);
}

function topUp(account: string, id: string, amount: number): EntryDraft {
  return entry(account, `topup:${id}`, amount);
}

function entry(account: string, entryId: string, amount: number): EntryDraft {
  const other = amount < 0 ? 'platform:revenue' : 'world:topups';
  return {
    entryId,
    book: account,
    postings: [
      { account: other, amount: -amount },
      { account, amount },
    ],
    effectiveAt: NOW,
  };
}
