import fc from 'fast-check';

import { seed, timesOf } from '../support/depth.ts';
import { FAULT_KINDS, type Fault, type installFaults } from '../support/faults.ts';
import type { World } from '../support/world.ts';
import type { Insist } from './play.ts';

/**
 * How often a property is tried: on so many histories, on one in a sample, or as PROPERTY_RUNS says. Which
 * they are follows from the seed of the run. PROPERTY_SHRINK=0 stops at the first failure.
 */
export function runsOf(inFull: number) {
  const runs = Number(process.env.PROPERTY_RUNS ?? timesOf(inFull));
  return { runs, parameters: { numRuns: runs, seed, endOnFailure: process.env.PROPERTY_SHRINK === '0' } };
}

/** Which writes fail, and how: up to `most` of them, each with at most `between` writes before it. */
export function plansOf({ between, most }: { between: number; most: number }) {
  const fault = fc.record<Fault>({ after: fc.nat(between), kind: fc.constantFrom(...FAULT_KINDS) });
  return fc.array(fault, { minLength: 1, maxLength: most });
}

/** Does a step until it is done: a dead service starts anew, and repairs, as a living one does every minute. */
export function insistent(
  plan: Fault[],
  on: { faults: ReturnType<typeof installFaults>; world: World; repair: () => Promise<unknown> },
): Insist {
  const { faults, world, repair } = on;
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
        next = repair;
      }
    }
  };
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && /the connection broke/.test(error.message);
}
