import { expect, test } from 'vitest';

import type { Preview } from '../../src/simulation/preview.ts';
import { createSimulation } from '../../src/simulation/simulation.ts';

const START = Date.parse('2026-11-27T12:00:00Z');

function create(weights: Record<Preview['run'], number>) {
  let now = START;
  const asked: string[] = [];
  const source = (run: Preview['run']) => ({
    weight: async (most: number) => Math.min(most, weights[run]),
    next: async (): Promise<Preview> => {
      asked.push(run);
      return { run, period: `${asked.length}`, at: new Date(START), rows: [], last: null };
    },
  });
  const { lately } = createSimulation({
    ...{ monday: source('monday'), payday: source('payday') },
    clock: { now: () => new Date(now) },
  });
  const later = (seconds: number) => {
    now += seconds * 1_000;
  };
  return { lately, asked, later };
}

test('a run that reads little is simulated for each answer', async () => {
  const { lately, asked, later } = create({ monday: 2_000, payday: 0 });
  await Promise.all([lately('monday'), lately('monday'), lately('payday')]);
  later(1);
  expect(await lately('monday')).toMatchObject({ run: 'monday', asOf: new Date(START + 1_000) });
  expect(asked).toEqual(['monday', 'monday', 'payday', 'monday']);
});

test('one that reads much is simulated once for all parts of a page, and by itself', async () => {
  const { lately, asked, later } = create({ monday: 2_001, payday: 100_000 });
  const [totals, rows] = await Promise.all([lately('monday'), lately('monday')]);
  expect(rows).toEqual(totals);
  later(59);
  expect(await lately('monday')).toEqual(totals);
  expect(await lately('payday')).toMatchObject({ run: 'payday', asOf: new Date(START + 59_000) });
  later(601);
  expect(await lately('monday')).toMatchObject({ asOf: new Date(START + 660_000) });
  expect(asked).toEqual(['monday', 'payday', 'monday']);
});
