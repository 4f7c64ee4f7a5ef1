import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { differencesOf, earnedAsMarketer, views } from '../affiliates/world.ts';
import { type AffiliateHistory, type AffiliateOutcome, expectedAffiliates } from '../support/affiliateModel.ts';
import { deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, type World } from '../support/world.ts';
import { affiliateHistories } from './affiliateHistory.ts';
import { type Delivery, type Insist, inOrder, once, receiveAll } from './play.ts';
import { insistent, plansOf, runsOf } from './runs.ts';
import { scrambled } from './scramble.ts';

const { runs, parameters } = runsOf(5);
const TIMEOUT_MS = 120_000 + runs * 20_000;

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createWorld({ processes: 2, eventsPerBatch: 5 });
  const { pin } = world.clock;
  // A service that died goes nowhere: what it had in hand is done when it is there again, at the instant of its death.
  world.clock.pin = (at) => {
    if (faults.dead) throw new Error('the process is dead');
    pin(at);
  };
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

deepTest('commissions and payouts come to what the rules say', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(affiliateHistories, async (history) => {
      await play(history, inOrder, once);
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
      fc.asyncProperty(affiliateHistories, fc.nat(), async (history, seed) => {
        await play(history, scrambled(seed), once);
        await expectModel(history);
      }),
      parameters,
    );
  },
);

const plans = plansOf({ between: 80, most: 16 });

deepTest(
  'writes that fail before, after, half or without an answer change nothing',
  { timeout: TIMEOUT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(affiliateHistories, plans, fc.nat(), async (history, plan, seed) => {
        await play(history, scrambled(seed), insistent(plan, { faults, world, repair }));
        faults.plan([]);
        await expectModel(history);
      }),
      parameters,
    );
  },
);

async function play(history: AffiliateHistory, deliver: Delivery, insist: Insist): Promise<void> {
  await world.reset(history.phases[0]?.at ?? history.end, history.zone);
  for (const phase of history.phases) {
    await insist(async () => (phase.idle === true ? world.pin(phase.at) : world.travelTo(phase.at)));
    for (const one of phase.earned ?? []) await insist(() => earnedAsMarketer(world, one.accountId, one.amount));
    for (const { id, kind, accountId, amount } of phase.adjusted ?? []) {
      const wanted = { account: `${kind}:${accountId}`, amount, reason: 'a mistake' };
      await insist(() => world.core.adjustments.make(id, wanted, 'ops', world.clock.now()));
    }
    for (const portion of deliver(phase.facts)) {
      await insist(() => receiveAll(world, portion));
      await insist(() => world.drain());
    }
  }
  await insist(() => world.travelTo(history.end));
  await insist(repair);
}

function repair(): Promise<unknown> {
  return world.core.affiliates.repair();
}

async function expectModel(history: AffiliateHistory): Promise<void> {
  expect(await outcome()).toEqual(expectedAffiliates(history));
  expect(await differencesOf(world)).toEqual([]);
}

async function outcome(): Promise<AffiliateOutcome> {
  const { payouts } = world.core.affiliates;
  const drawn = await payouts.list({ limit: 500 });
  const items = await payouts.itemsOf(drawn.items.map(({ payoutId }) => payoutId));
  const commissions = await views(world, 'commissionId');
  const affiliates = [...new Set(commissions.map(({ affiliateId }) => `affiliate:${affiliateId}`))];
  const marketers = ['A0', 'A1', 'K'].map((id) => `marketer:${id}`);
  const balances = await world.core.ledger.balances([...affiliates, ...marketers]);
  return {
    commissions: Object.fromEntries(
      commissions.map(({ commissionId, reverses, ...view }) => {
        const { affiliateId, paymentId, amount, status, payoutId, payday, refundRequested } = view;
        return [
          commissionId,
          {
            ...{ affiliateId, paymentId, amount, status, payoutId, payday, refundRequested },
            ...(reverses === undefined ? {} : { reverses }),
          },
        ];
      }),
    ),
    payouts: Object.fromEntries(
      drawn.items.map(({ payoutId, amount, parts, status }) => [
        payoutId,
        { amount, ...parts, status, items: (items.get(payoutId) ?? []).map(({ commissionId }) => commissionId).sort() },
      ]),
    ),
    balances: Object.fromEntries([...balances].filter(([, amount]) => amount !== 0)),
  };
}
