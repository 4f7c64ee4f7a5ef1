import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { FAULT_KINDS, type Fault, installFaults } from '../support/faults.ts';
import { expectedOutcome, type Outcome } from '../support/model.ts';
import { type History, histories } from './history.ts';
import { type Insist, noticesOf, outcomeOf, play } from './play.ts';
import { scrambled } from './scramble.ts';
import { createWorld, type World } from './world.ts';

/** So many random histories per property; PROPERTY_SEED repeats a run, PROPERTY_SHRINK=0 stops at the first failure. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 8);
/** The same histories in every run, so that a change is judged and not luck; `random` takes others each time. */
const SEED = process.env.PROPERTY_SEED ?? '7';
const PARAMETERS = {
  numRuns: RUNS,
  endOnFailure: process.env.PROPERTY_SHRINK === '0',
  ...(SEED === 'random' ? {} : { seed: Number(SEED) }),
};
const TIMEOUT_MS = 120_000 + RUNS * 10_000;
/** Low enough that a few invoices reach them. */
const LEVELS = [
  { volume: 500, bps: 300 },
  { volume: 2_500, bps: 600 },
];

let world: World;
const faults = installFaults(() => {
  for (const { applier } of world.processes) void applier.stop();
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
    PARAMETERS,
  );
});

test('the order of arrival, repetition and the number of processes change nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.nat(), async (history, seed) => {
      await play(world, history, scrambled(seed));
      await expectModel(history);
    }),
    PARAMETERS,
  );
});

const plans = fc.array(fc.record<Fault>({ after: fc.nat(60), kind: fc.constantFrom(...FAULT_KINDS) }), {
  minLength: 1,
  maxLength: 12,
});

test('writes that fail before, after, half or without an answer change nothing', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, plans, fc.nat(), async (history, plan, seed) => {
      await play(world, history);
      const told = await noticesOf(world);
      await play(world, history, scrambled(seed), insistent(plan));
      faults.plan([]);
      await expectModel(history);
      expect(await noticesOf(world)).toEqual(told);
    }),
    PARAMETERS,
  );
});

/** Does a step until it is done: a dead service starts anew, and repairs, as a living one does every minute. */
function insistent(plan: Fault[]): Insist {
  let planned = false;
  return async (step) => {
    if (!planned) faults.plan(plan);
    planned = true;
    for (let next = step; ; ) {
      try {
        await next();
        if (faults.dead) throw new Error('the process died, and nobody noticed');
        if (next === step) return;
        next = step;
      } catch (error) {
        if (!faults.dead && !isNetworkError(error)) throw error;
        if (faults.dead) await faults.restart(world.restart);
        next = () => world.core.revshare.invoices.reconcile();
      }
    }
  };
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && /the connection broke/.test(error.message);
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
