import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { PreviewRow } from '../../../src/simulation/preview.ts';
import { deepTest, timesOf } from '../../support/depth.ts';
import { type TestEvent, tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';
import { earnedAsMarketer, failed, program, sold } from '../world.ts';

const world = await createWorld();
afterAll(world.close);

const DAY_MS = 86_400_000;
const START = new Date('2026-03-01T12:00:00Z');
/** The last moment before the payday: everything that it goes by is known. */
const EVE = '2026-03-31T23:59:59Z';

function at(day: number): string {
  return new Date(START.getTime() + day * DAY_MS).toISOString();
}

const sale = fc.record({
  affiliate: fc.constantFrom('A', 'B', 'C', 'D'),
  day: fc.double({ min: 0, max: 28, noNaN: true }),
  amount: fc.integer({ min: 1, max: 3_000 }),
  programId: fc.constantFrom('default', 'large'),
  /** When it is refunded, in days after its charge, and in days after that becomes known. */
  refund: fc.option(
    fc.record({ after: fc.double({ min: 0, max: 6, noNaN: true }), known: fc.integer({ min: 0, max: 20 }) }),
  ),
});

/** Everything that happens until the eve, each thing at the day on which it becomes known. */
function story(sales: (typeof sale extends fc.Arbitrary<infer T> ? T : never)[]): [day: number, events: TestEvent[]][] {
  return sales
    .flatMap(({ affiliate, day, amount, programId, refund }, index): [number, TestEvent[]][] => {
      const id = `s${index}`;
      const paidAt = at(day);
      const charge = tell.payment(`p${index}`, amount, paidAt, { kind: 'subscription', subscriptionId: id });
      return [
        [day, [...sold(id, affiliate, at(day - 3), { programId }), charge]],
        ...(refund === null
          ? []
          : ([
              [
                day + refund.after + refund.known,
                [tell.refund(`r${index}`, `p${index}`, amount, at(day + refund.after))],
              ],
            ] satisfies [number, TestEvent[]][])),
      ];
    })
    .sort(([a], [b]) => a - b)
    .filter(([day]) => at(day) < EVE);
}

it('writes nothing, whether anything was ever booked or not', async () => {
  await world.reset(START);
  const everything = async () => {
    const all = (await world.database.connection.db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
    const contents = await Promise.all(all.map(({ name }) => world.collection(name).find().toArray()));
    return Object.fromEntries(all.map(({ name }, index) => [name, contents[index]]));
  };
  for (const isSold of [false, true]) {
    if (isSold) {
      const charge = tell.payment('p', 1_000, at(0), { kind: 'subscription', subscriptionId: 's' });
      const tip = tell.payment('t', 5_000, at(0), { campaignId: 'c' });
      const people = [tell.account('A', 'affiliate'), tell.account('M', 'model'), tell.account('K', 'marketer')];
      await world.send(...people, tell.campaign('c', 'M', 'K', 4_000), ...sold('s', 'A', at(-3)), charge, tip);
    }
    const before = await everything();
    const [monday, payday] = [await world.core.simulation.monday(), await world.core.simulation.payday()];
    expect([monday.rows.length, payday.rows.length]).toEqual(isSold ? [1, 1] : [0, 0]);
    expect(await everything()).toEqual(before);
  }
});

deepTest(
  'on the eve of a payday is exactly what the payday then does',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 14 }), fc.boolean(), async (sales, fails) => {
        await world.reset(START);
        await earnedAsMarketer(world, 'A', 700);
        await earnedAsMarketer(world, 'K', 30);
        await earnedAsMarketer(world, 'L', -30);
        await world.send(program('large', { minimumPayout: 1_000 }));
        for (const id of ['A', 'B', 'C', 'D']) await world.send(tell.account(id, 'affiliate'));
        let hasFailed = !fails;
        for (const [day, events] of story(sales)) {
          await world.travelTo(at(day));
          await world.send(...events);
          const [due] = (await world.core.affiliates.payouts.list({ limit: 1, status: 'due' })).items;
          if (due !== undefined && !hasFailed) {
            hasFailed = true;
            await world.send(failed(due.payoutId, at(day)));
          }
        }
        await world.travelTo(EVE);
        const preview = await world.core.simulation.payday('2026-04-01');
        await world.travelTo('2026-04-01T00:00:00Z');
        expect(preview.rows.map(rowOf).sort()).toEqual(await drawnUp());
        expect(world.errors).toEqual([]);
      }),
      { numRuns: timesOf(12), seed: 6 },
    );
  },
  120_000,
);

function rowOf({ accountId, amount, count, outcome, why, parts }: PreviewRow): string {
  const { commissions = '', earnings = '' } = parts ?? {};
  return [accountId, amount, count, outcome === 'payout' ? 'due' : outcome, why ?? '', commissions, earnings].join(' ');
}

type Written = {
  accountId: string;
  amount: number;
  count: number;
  parts: { commissions: number; earnings: number };
  carriedOver?: { amount: number; count: number; why: string };
};

/** What the run has written: payouts, and what it has carried over beside one or in its place. */
async function drawnUp(): Promise<string[]> {
  const found = await world.database.connection
    .collection<Written>('payouts')
    .find({ _id: { $gte: '2026-04-01:', $lt: '2026-04-01;' } } as object)
    .toArray();
  return found
    .flatMap(({ accountId, amount, count, parts, carriedOver }) => [
      ...(amount > 0 ? [[accountId, amount, count, 'due', '', parts.commissions, parts.earnings].join(' ')] : []),
      ...(carriedOver === undefined
        ? []
        : [[accountId, carriedOver.amount, carriedOver.count, 'carried', carriedOver.why, '', ''].join(' ')]),
    ])
    .sort();
}
