import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';

import { TOP_UP } from '../../src/invoicing/notices.ts';
import { runsOf } from '../properties/runs.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createPromiseWorld, type PromiseWorld, WEEK } from './world.ts';

/**
 * Whatever is promised, whole or in parts, kept, broken or refused, and in whatever pieces the money comes: the end is as with one
 * payment, in every account, and in the standing but for what the promises themselves did to the trust score.
 */

const { parameters, runs } = runsOf(10);

/** What three models do in an afternoon and the days after; `who` is one of them. */
type Step =
  | { kind: 'promise'; who: number; inParts: boolean; days: number }
  | { kind: 'refuse'; who: number }
  | { kind: 'top up'; who: number; cents: number }
  | { kind: 'pay'; who: number }
  | { kind: 'days'; days: number };

const who = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('promise' as const),
      who,
      inParts: fc.boolean(),
      days: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('top up' as const), who, cents: fc.integer({ min: 1, max: 3_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pay' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 4 }) }) },
);

const totals = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 1, max: 9_000 })));
const MODELS = ['m0', 'm1', 'm2'];

let world: PromiseWorld;
beforeAll(async () => {
  world = await createPromiseWorld({ promises: { maxDays: 8, minTrust: 0 } });
});
afterAll(() => world.close());

deepTest(
  'whatever the parts and the order, the end is as with one payment',
  {
    timeout: 60_000 + runs * 30_000,
  },
  async () => {
    await fc.assert(
      fc.asyncProperty(totals, fc.array(step, { maxLength: 12 }), async (owing, steps) => {
        const promised = await ending(owing, steps);
        const plain = await ending(
          owing,
          steps.filter(({ kind }) => kind === 'top up' || kind === 'days'),
        );
        expect(promised.balances).toEqual(plain.balances);
        expect(promised.invoices).toEqual(plain.invoices);
        expect(promised.standings).toEqual(plain.standings);
      }),
      parameters,
    );
  },
);

/** Plays the steps, then tops up what is missing; what is left in every account, and how everybody stands. */
async function ending(owing: readonly number[], steps: Step[]) {
  await world.reset('2026-03-02T00:00:00Z');
  await world.begin(Object.fromEntries(MODELS.map((id, index) => [id, owing[index] ?? 1])));
  const balances = new Map<string, number>();
  for (const one of steps) await play(one);
  for (const id of MODELS) {
    await world.send(tell.topUp(`rest-${id}`, id, 20_000));
  }
  expect(await world.core.verify()).toEqual([]);
  for (const account of await accounts()) balances.set(account, await world.balance(account));
  const invoices = await Promise.all(
    MODELS.map((id) => world.core.invoicing.invoices.get(`${WEEK}:${id}`, world.clock.now())),
  );
  const standings = await Promise.all(MODELS.map(world.standing));
  return {
    balances: Object.fromEntries(
      [...balances].filter(([account, amount]) => amount !== 0 && !account.startsWith('held:')),
    ),
    invoices: invoices.map((invoice) => ({ status: invoice?.status, completedAt: invoice?.completedAt })),
    standings: standings.map(({ trustScore, tier, ...rest }) => rest),
  };
}

async function accounts(): Promise<string[]> {
  const named = await world.collection('ledger_entries').distinct('postings.account');
  return named.map(String).sort();
}

async function play(one: Step): Promise<void> {
  const now = world.clock.now();
  const { promises, invoicing } = world.core;
  if (one.kind === 'days') {
    await world.travelTo(new Date(now.getTime() + one.days * 86_400_000));
    return;
  }
  const id = MODELS[one.who] ?? '';
  const invoice = `${WEEK}:${id}`;
  switch (one.kind) {
    case 'promise': {
      const at = new Date(now.getTime() + one.days * 86_400_000);
      await promises.make(invoice, { inParts: one.inParts, until: { at } }, { actor: 'ops' }, now);
      return;
    }
    case 'refuse':
      await promises.refuse(invoice, { actor: 'ops', reason: 'no' }, now);
      return;
    case 'top up':
      return world.pays(id, one.cents);
    case 'pay':
      await invoicing.invoices.pay(invoice, { actor: TOP_UP }, now);
      return;
  }
}
