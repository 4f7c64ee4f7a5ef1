import {
  BEGINNING,
  COMMISSIONS_PER_AFFILIATE,
  type Cycle,
  closeCycle,
  fillCycle,
  reopenCycle,
  resultsOf,
} from './commissions.ts';
import { alternate, type Benchmark, costOf, type Figure, median, seconds, secondsOf } from './measure.ts';
import { createWorld, insertCopies, type World } from './world.ts';

const WARM: Cycle = { cycle: '2026-12-01', before: '2026-11-16' };
const SMALL: Cycle = { cycle: '2026-12-16', before: '2026-12-01' };
const LARGE: Cycle = { cycle: '2027-01-01', before: '2026-12-16' };
const ROUNDS = 3;

/**
 * A payday of many affiliates with fifty commissions each. The limit is one aggregate that groups the same commissions
 * into what the payouts are made of, and plain inserts of the resulting payouts, their pages and ledger entries. Then
 * the growth from a tenth of it, which is drawn up as often and before the database has the rest: by the clock, and by the
 * processor's time, which says the same whatever else the machine does.
 */
export const payday: Benchmark = { run: () => close(100_000) };

/** The same with a million commissions of twenty thousand affiliates; it runs only when it is named. */
export const paydayWhole: Benchmark = { run: () => close(1_000_000) };

async function close(commissions: number): Promise<Figure[]> {
  const world = await createWorld(BEGINNING);
  try {
    // Before the first of the cycles the service looks, so that they are all still to come.
    await world.core.affiliates.cycles.nextDue();
    const tenth = commissions / 10;
    await fillCycle(world, WARM, tenth);
    await closeCycle(world, WARM, tenth);
    await fillCycle(world, SMALL, tenth);
    const small = paydays(world, SMALL, tenth);
    for (let round = 0; round < ROUNDS; round++) await small.close(round);
    await fillCycle(world, LARGE, commissions);
    const large = paydays(world, LARGE, commissions);
    const times = await alternate(ROUNDS, large.close, (round) =>
      groupAndInsert(world, round, commissions / COMMISSIONS_PER_AFFILIATE),
    );
    const growth = { goal: { atMost: 11 }, name: `a payday of ${commissions} commissions / of ${tenth}` };
    return [
      {
        name: `a payday of ${commissions} commissions / group and insert`,
        figure: seconds(times.product),
        limit: seconds(times.limit),
        ratio: times.product / times.limit,
        goal: { atMost: 3 },
      },
      { ...growth, ...compared(times.product, small.elapsed()) },
      { ...growth, name: `${growth.name}, of the processor`, ...compared(large.processor(), small.processor()) },
    ];
  } finally {
    await world.close();
  }
}

/** One payday, drawn up again and again; the median of what that took. */
function paydays(world: World, cycle: Cycle, commissions: number) {
  const costs: Awaited<ReturnType<typeof costOf>>[] = [];

  async function close(round: number): Promise<number> {
    if (round > 0) await reopenCycle(world, cycle);
    const cost = await costOf(() => closeCycle(world, cycle, commissions));
    costs.push(cost);
    return cost.elapsed;
  }

  return {
    close,
    elapsed: () => median(costs.map(({ elapsed }) => elapsed)),
    processor: () => median(costs.map(({ processor }) => processor)),
  };
}

function compared(figure: number, limit: number): Pick<Figure, 'figure' | 'limit' | 'ratio'> {
  return { figure: seconds(figure), limit: seconds(limit), ratio: figure / limit };
}

async function groupAndInsert(world: World, round: number, affiliates: number): Promise<number> {
  const { raw } = world;
  let elapsed = await secondsOf(async () => {
    let groups = 0;
    for await (const _group of raw('commissions').aggregate(GROUP, { allowDiskUse: true })) groups += 1;
    if (groups !== affiliates) throw new Error(`${groups} groups of ${affiliates} affiliates`);
  });
  for (const { name, filter } of resultsOf(LARGE)) elapsed += await insertCopies(world, name, filter, `_${round}`);
  return elapsed;
}

const GROUP = [
  { $match: { cycle: LARGE.cycle, state: 'approved' } },
  {
    $group: {
      _id: '$affiliateId',
      sum: { $sum: '$amount' },
      items: { $push: { commissionId: '$_id', amount: '$amount' } },
    },
  },
];
