import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import { expectedOutcome, type Outcome } from '../support/model.ts';
import { createWorld, type World } from '../support/world.ts';
import { type History, histories } from './history.ts';
import { noticesOf, outcomeOf, play } from './play.ts';
import { insistent, plansOf, runsOf } from './runs.ts';
import { scrambled } from './scramble.ts';

const { runs, parameters } = runsOf(8);
const TIMEOUT_MS = 120_000 + runs * 10_000;
/** Low enough that a few invoices reach them. */
const LEVELS = [
  { volume: 500, bps: 300 },
  { volume: 2_500, bps: 600 },
];

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createWorld({
    processes: 2,
    policy: { invoicing: { levels: LEVELS }, payouts: { marketers: false } },
  });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

test('the service comes to what the rules say', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      await play(world, history);
      await expectModel(history);
    }),
    parameters,
  );
});

deepTest(
  'the order of arrival, repetition and the number of processes change nothing',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, seed) => {
        await play(world, history, scrambled(seed));
        await expectModel(history);
      }),
      parameters,
    );
  },
);

const plans = plansOf({ between: 60, most: 12 });

deepTest(
  'writes that fail before, after, half or without an answer change nothing',
  { timeout: TIMEOUT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, plans, fc.nat(), async (history, plan, seed) => {
        await play(world, history);
        const told = await noticesOf(world);
        await play(world, history, scrambled(seed), insistent(plan, { faults, world, repair }));
        faults.plan([]);
        await expectModel(history);
        expect(await noticesOf(world)).toEqual(told);
      }),
      parameters,
    );
  },
);

/** What the repair of a running service does every minute. */
function repair(): Promise<unknown> {
  return world.core.invoicing.invoices.reconcile();
}

async function expectModel(history: History): Promise<void> {
  const expected = expectedOutcome(history, LEVELS);
  expect(withoutRepeated(await outcomeOf(world))).toEqual(expected);
  expect(await world.core.verify()).toEqual([]);
}

/** Events that told once more what another had told. */
function withoutRepeated(outcome: Outcome): Outcome {
  return { ...outcome, applied: outcome.applied.filter((id) => !id.startsWith('again-')) };
}
