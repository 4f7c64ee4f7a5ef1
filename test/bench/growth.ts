import { type Benchmark, seconds, secondsOf } from './measure.ts';
import { BEGINNING, fillWeek, runMonday } from './weeks.ts';
import { createWorld, type World } from './world.ts';

const SMALL = 1_000;
const LARGE = 10_000;

/** Monday again, from 100 thousand to a million transactions, with nothing else in the process: time and memory. */
export const growth: Benchmark = {
  run: async () => {
    const world = await createWorld(BEGINNING);
    try {
      // The first week warms the code up, so that the growth is that of the work.
      await timeOf(world, 0, SMALL);
      const small = await timeOf(world, 1, SMALL);
      const large = await timeOf(world, 2, LARGE);
      return [
        {
          name: "Monday's invoices, a million transactions / a hundred thousand",
          figure: seconds(large),
          limit: seconds(small),
          ratio: large / small,
          goal: { atMost: 11 },
        },
      ];
    } finally {
      await world.close();
    }
  },
};

async function timeOf(world: World, week: number, models: number): Promise<number> {
  await fillWeek(world, week, models);
  return secondsOf(() => runMonday(world, week, models));
}
