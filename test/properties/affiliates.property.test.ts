import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { views } from '../affiliates/world.ts';
import { type AffiliateHistory, type AffiliateOutcome, expectedAffiliates } from '../support/affiliateModel.ts';
import { FAULT_KINDS, type Fault, installFaults } from '../support/faults.ts';
import { affiliateHistories } from './affiliateHistory.ts';
import type { Delivery, Insist } from './play.ts';
import { scrambled } from './scramble.ts';
import { createWorld, type World } from './world.ts';

/** So many random years per property; PROPERTY_SEED repeats a run, PROPERTY_SHRINK=0 stops at the first failure. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 5);
const SEED = process.env.PROPERTY_SEED ?? '7';
const PARAMETERS = {
  numRuns: RUNS,
  endOnFailure: process.env.PROPERTY_SHRINK === '0',
  ...(SEED === 'random' ? {} : { seed: Number(SEED) }),
};
const TIMEOUT_MS = 120_000 + RUNS * 20_000;

let world: World;
const faults = installFaults(() => {
  for (const { applier } of world.processes) void applier.stop();
});

beforeAll(async () => {
  world = await createWorld({ processes: 2 });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

test('commissions and payouts come to what the rules say', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(affiliateHistories, async (history) => {
      await play(
        history,
        (facts) => [facts],
        (step) => step().then(() => {}),
      );
      await expectModel(history);
    }),
    PARAMETERS,
  );
});

test('the order of arrival, repetition and the number of processes change nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  await fc.assert(
    fc.asyncProperty(affiliateHistories, fc.nat(), async (history, seed) => {
      await play(history, scrambled(seed), (step) => step().then(() => {}));
      await expectModel(history);
    }),
    PARAMETERS,
  );
});

const plans = fc.array(fc.record<Fault>({ after: fc.nat(80), kind: fc.constantFrom(...FAULT_KINDS) }), {
  minLength: 1,
  maxLength: 16,
});

test('writes that fail before, after, half or without an answer change nothing', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(affiliateHistories, plans, fc.nat(), async (history, plan, seed) => {
      await play(history, scrambled(seed), insistent(plan));
      faults.plan([]);
      await expectModel(history);
    }),
    PARAMETERS,
  );
});

async function play(history: AffiliateHistory, deliver: Delivery, insist: Insist): Promise<void> {
  await world.reset(history.phases[0]?.at ?? history.end, history.zone);
  for (const phase of history.phases) {
    await insist(() => world.travelTo(phase.at));
    for (const portion of deliver(phase.facts)) {
      await insist(async () => {
        const answers = await Promise.allSettled(portion.map((fact) => world.receive(fact)));
        const lost = answers.find((answer) => answer.status === 'rejected');
        if (lost !== undefined) throw lost.reason;
      });
      await insist(() => world.drain());
    }
  }
  await insist(() => world.travelTo(history.end));
  await insist(() => world.core.affiliates.repair());
}

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
        const isBroken = error instanceof Error && /the connection broke/.test(error.message);
        if (!faults.dead && !isBroken) throw error;
        if (faults.dead) await faults.restart(world.restart);
        next = () => world.core.affiliates.repair();
      }
    }
  };
}

async function expectModel(history: AffiliateHistory): Promise<void> {
  expect(await outcome()).toEqual(expectedAffiliates(history));
  expect(await world.core.verify()).toEqual([]);
}

async function outcome(): Promise<AffiliateOutcome> {
  const { payouts } = world.core.affiliates;
  const drawn = await payouts.list({ limit: 500 });
  const items = await payouts.itemsOf(drawn.items.map(({ payoutId }) => payoutId));
  const commissions = await views(world, 'commissionId');
  const affiliates = [...new Set(commissions.map(({ affiliateId }) => `affiliate:${affiliateId}`))];
  const balances = await world.core.ledger.balances(affiliates);
  return {
    commissions: Object.fromEntries(
      commissions.map(({ commissionId, affiliateId, paymentId, amount, status, payoutId, payday, reverses }) => [
        commissionId,
        {
          ...{ affiliateId, paymentId, amount, status, payoutId, payday },
          ...(reverses === undefined ? {} : { reverses }),
        },
      ]),
    ),
    payouts: Object.fromEntries(
      drawn.items.map(({ payoutId, amount, status }) => [
        payoutId,
        { amount, status, items: (items.get(payoutId) ?? []).map(({ commissionId }) => commissionId).sort() },
      ]),
    ),
    balances: Object.fromEntries([...balances].filter(([, amount]) => amount !== 0)),
  };
}
