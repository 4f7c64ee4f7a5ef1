import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { deepTest, timesOf } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

/** A termination ends orders, which moves money (rules 2.5, 2.8): what is foreseen of it is what it does. */

const PLACED = '2026-11-22T06:00:00Z';
const STARTED = '2026-11-23T06:00:00Z';

let service: TestService;
let app: ReturnType<TestService['app']>;
let models = 0;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});
afterAll(async () => {
  expect(service.errors).toEqual([]);
  await service.world.close();
});

type Answer = Record<string, unknown> & { postings?: { account: string; amount: number }[] };

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const response = await app.request(path, {
    method,
    headers: { ...bearer(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} is answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

type Terms = { prepaid?: boolean; quantity?: number; chunkSize?: number };
type Stage = { name: string; terms?: Terms; marketer?: string; isAccepted?: boolean; fans?: number };

/** A model whose orders stand so; the balance is what is left of `balance` after what they held and paid. */
async function modelWith(stages: readonly Stage[], balance: number): Promise<string> {
  const { world } = service;
  const modelId = `m${++models}`;
  const own = (name: string) => `${modelId}-${name}`;
  const marketers = [...new Set(stages.map(({ marketer = 'free' }) => marketer))];
  await world.send(
    tell.account(modelId, 'model'),
    // At the narrow one a single order runs, and the others wait.
    ...marketers.map((name) => tell.account(own(name), 'marketer', name === 'narrow' ? { capacity: 1 } : {})),
    tell.topUp(own('balance'), modelId, balance),
    ...stages.map(({ name, terms, marketer = 'free' }) =>
      tell.order(own(name), { modelId, marketerId: own(marketer), placedAt: PLACED, ...terms }),
    ),
  );
  for (const { name, isAccepted = true, fans = 0 } of stages) {
    if (isAccepted) await service.orders.accept(own(name), { actor: 'ops' }, world.clock.now());
    const numbers = Array.from({ length: fans }, (_, number) => number);
    await world.send(...numbers.map((number) => tell.fan(own(`${name}-f${number}`), own(name), STARTED)));
  }
  return modelId;
}

/** Foresees a termination, sees that nothing was written, does it, and sees that all of it came so. */
async function terminate(
  modelId: string,
): Promise<{ postings: Record<string, number>; states: Record<string, string> }> {
  const path = `/v1/models/${modelId}/terminate`;
  const before = await everything();
  const { simulated, postings = [], ...standing } = await call('POST', `${path}?simulate=true`, { reason: 'x' });
  expect([simulated, standing.terminated]).toEqual([true, true]);
  expect(await everything()).toEqual(before);

  expect(await call('POST', path, { reason: 'x' })).toEqual(standing);
  const known = new Set(before.ledger_entries?.map(({ _id }) => _id));
  const written = (await everything()).ledger_entries?.filter(({ _id }) => !known.has(_id)) ?? [];
  const foreseen = sumsOf(postings);
  expect(foreseen).toEqual(sumsOf(written.flatMap((entry) => entry.postings as Required<Answer>['postings'])));
  const { items } = await call('GET', `/v1/orders?modelId=${modelId}`);
  const states = (items as { orderId: string; status: string }[]).map(
    ({ orderId, status }) => [orderId.slice(modelId.length + 1), status] as const,
  );
  return { postings: foreseen, states: Object.fromEntries(states) };
}

function sumsOf(postings: readonly { account: string; amount: number }[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { account, amount } of postings) sums.set(account, (sums.get(account) ?? 0) + amount);
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}

type Stored = { _id: string; [field: string]: unknown };

/** All that is stored, by collection. */
async function everything(): Promise<Record<string, Stored[]>> {
  const { db } = service.world.connection;
  const names = (await db?.listCollections().toArray())?.map(({ name }) => name).sort() ?? [];
  const found = names.map(async (name) => [name, (await db?.collection<Stored>(name).find().toArray()) ?? []] as const);
  return Object.fromEntries(await Promise.all(found));
}

describe('a termination', () => {
  it('of whose orders run, wait and are offered does what was foreseen', async () => {
    const modelId = await modelWith(
      [
        // Two chunks are paid, and two fans more are owed for when it ends.
        { name: 'running', terms: { quantity: 20, chunkSize: 4 }, fans: 10 },
        // It is paid for, so it goes on.
        { name: 'prepaid', terms: { prepaid: true }, fans: 3 },
        { name: 'first', marketer: 'narrow', terms: { quantity: 10 }, fans: 5 },
        // What it holds returns.
        { name: 'queued', marketer: 'narrow', terms: { prepaid: true, quantity: 6 } },
        { name: 'offered', isAccepted: false },
      ],
      3_000,
    );
    const { postings, states } = await terminate(modelId);
    expect(states).toEqual({
      ...{ running: 'stopped', prepaid: 'running', first: 'stopped', queued: 'stopped', offered: 'refused' },
    });
    expect(postings).toEqual({
      [`escrow:${modelId}-queued`]: -600,
      [`model:${modelId}`]: 600 - 200 - 500,
      [`marketer:${modelId}-free`]: 200,
      [`marketer:${modelId}-narrow`]: 500,
    });
  });

  deepTest(
    'of who cannot pay for what was delivered leaves that owed, as foreseen, and pays it of what returns',
    async () => {
      const modelId = await modelWith(
        [
          { name: 'first', marketer: 'narrow', terms: { quantity: 10 }, fans: 4 },
          { name: 'queued', marketer: 'narrow', terms: { prepaid: true, quantity: 5 } },
          { name: 'large', terms: { quantity: 30 }, fans: 20 },
        ],
        500,
      );
      const { postings, states } = await terminate(modelId);
      expect(states).toEqual({ first: 'stopped', queued: 'stopped', large: 'stopped' });
      expect(postings).toEqual({
        [`escrow:${modelId}-queued`]: -500,
        [`model:${modelId}`]: 100,
        [`marketer:${modelId}-narrow`]: 400,
      });
      expect(await call('GET', `/v1/orders/${modelId}-large`)).toMatchObject({ owed: 2_000, paid: 0 });
    },
  );

  deepTest(
    'does what was foreseen, however its orders stand',
    async () => {
      const stage = fc.record({
        terms: fc.record({
          prepaid: fc.boolean(),
          quantity: fc.integer({ min: 1, max: 6 }),
          chunkSize: fc.integer({ min: 1, max: 3 }),
        }),
        marketer: fc.constantFrom('free', 'narrow'),
        isAccepted: fc.boolean(),
        fans: fc.nat(3),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(stage, { minLength: 1, maxLength: 4 }), fc.nat(1_500), async (stages, balance) => {
          const named = stages.map((one, index) => ({ ...one, name: `o${index}` }));
          await terminate(await modelWith(named, balance + 1));
        }),
        { numRuns: timesOf(15) },
      );
    },
    120_000,
  );
});
