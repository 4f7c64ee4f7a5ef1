import { type Benchmark, seconds, secondsOf } from './measure.ts';
import { DURING_THE_WEEK, fillWeek, runMonday } from './weeks.ts';
import { createWorld } from './world.ts';

const SMALL = 1_000;
const LARGE = 10_000;

/** Monday again, from 100 thousand to a million transactions, with nothing else in the process: time and memory. */
export const growth: Benchmark = {
  name: 'growth',
  run: async () => {
    // A first, small week warms the code up, so that the growth is that of the work.
    await timeOf(SMALL);
    const small = await timeOf(SMALL);
    const large = await timeOf(LARGE);
    return [
      {
        name: "Monday's invoices, a million transactions / a hundred thousand",
        figure: seconds(large),
        limit: seconds(small),
        ratio: large / small,
        goal: { atMost: 11 },
      },
    ];
  },
};

async function timeOf(models: number): Promise<number> {
  const world = await createWorld(DURING_THE_WEEK);
  try {
    await fillWeek(world, models);
    return await secondsOf(() => runMonday(world, models));
  } finally {
    await world.close();
  }
}
