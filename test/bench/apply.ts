import { alternate, type Benchmark, inBatches, ratesFigure, secondsOf } from './measure.ts';
import { MONTH_START, month } from './month.ts';
import { createWorld, type World } from './world.ts';

const EVENTS = 20_000;
const ROUNDS = 3;
/** Where applying the month of this benchmark leaves its facts. */
const FACTS = [
  'accounts',
  'account_versions',
  'campaigns',
  'subscriptions',
  'cancellations',
  'payments',
  'refunds',
  'transactions',
  'ledger_entries',
];

/**
 * Events applied per second, from the inbox to the facts, decisions and ledger entries of all slices. The limit is
 * plain inserts, a thousand at a time, of the documents that this left behind.
 */
export const apply: Benchmark = {
  run: async () => {
    const world = await createWorld(MONTH_START);
    try {
      await applyMonth(world, 'warm');
      const rates = await alternate(
        ROUNDS,
        (round) => applyMonth(world, `r${round}`),
        (round) => insertAgain(world, `r${round}`),
      );
      return [ratesFigure('events applied, a mixed month / batched inserts of the facts', rates, { atLeast: 0.25 })];
    } finally {
      await world.close();
    }
  },
};

/** Receives a month, then applies it with the workers of a running service; answers events per second. */
async function applyMonth({ core, raw }: World, prefix: string): Promise<number> {
  for (const batch of inBatches(month(EVENTS, prefix), 1_000)) {
    await Promise.all(batch.map((event) => core.inbox.receive(event)));
  }
  const elapsed = await secondsOf(() => core.inboxWorker.drain());
  const left = await raw('events').countDocuments({ status: { $ne: 'applied' } });
  if (left > 0) throw new Error(`${left} events were not applied`);
  return EVENTS / elapsed;
}

/** Inserts the facts of that month into collections without indexes; answers the events per second that this makes. */
async function insertAgain({ raw }: World, prefix: string): Promise<number> {
  let elapsed = 0;
  for (const name of FACTS) {
    const mine = { _id: { $regex: `^(payment:|refund:|topup:)?${prefix}-` } };
    const documents = await raw(name).find(mine).toArray();
    for (const batch of inBatches(documents, 1_000)) {
      elapsed += await secondsOf(() => raw(`raw_${name}`).insertMany(batch, { ordered: false }));
    }
  }
  return EVENTS / elapsed;
}
