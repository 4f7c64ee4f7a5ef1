import { alternate, type Benchmark, inBatches, seconds, secondsOf } from './measure.ts';
import { BEGINNING, fillWeek, runMonday, undoMonday } from './weeks.ts';
import { createWorld, type World } from './world.ts';

const MODELS = 10_000;
const ROUNDS = 3;

/**
 * Monday over 10 000 models with 100 transactions each. The limit is one aggregate that groups the same transactions
 * into the same lines, and plain inserts of the resulting invoices and ledger entries.
 */
export const monday: Benchmark = {
  run: async () => {
    const world = await createWorld(BEGINNING);
    try {
      await fillWeek(world, 0, MODELS);
      const times = await alternate(
        ROUNDS,
        async (round) => {
          if (round > 0) await undoMonday(world);
          return secondsOf(() => runMonday(world, 0, MODELS));
        },
        (round) => groupAndInsert(world, round),
      );
      return [
        {
          name: "Monday's invoices, 10 000 models x 100 / group and insert",
          figure: seconds(times.product),
          limit: seconds(times.limit),
          ratio: times.product / times.limit,
          goal: { atMost: 3 },
        },
      ];
    } finally {
      await world.close();
    }
  },
};

async function groupAndInsert({ raw }: World, round: number): Promise<number> {
  const invoices = await raw('invoices').find({}).toArray();
  const entries = await raw('ledger_entries')
    .find({ _id: { $regex: '^invoice:' } })
    .toArray();
  return secondsOf(async () => {
    let lines = 0;
    for await (const _line of raw('transactions').aggregate(GROUP, { allowDiskUse: true })) lines++;
    if (lines < MODELS) throw new Error(`${lines} lines for ${MODELS} models`);
    for (const batch of inBatches(invoices, 1_000)) await raw(`raw_invoices_${round}`).insertMany(batch);
    for (const batch of inBatches(entries, 1_000)) await raw(`raw_entries_${round}`).insertMany(batch);
  });
}

const GROUP = [
  { $match: { billingWeek: '2026-W47' } },
  {
    $group: {
      _id: { m: '$modelId', c: '$campaignId', k: '$contractorId', r: '$rateBps', t: '$type' },
      count: { $sum: 1 },
      gross: { $sum: '$amount' },
    },
  },
];
