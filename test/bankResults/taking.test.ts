import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { payoutReference } from '../../src/affiliates/payouts/payoutReference.ts';
import type { TakeOutcome } from '../../src/bankResults/bankResults.ts';
import { differencesOf, earnedAsMarketer } from '../affiliates/world.ts';
import { atEachWrite, deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import { bearer, testService } from '../webhooks/service.ts';

/** What a bank said of an approved batch (docs/paydays.md): taken once, and nothing half done. */

const CYCLE = '2026-04-01';
const NEXT = '2026-04-16';
const PEOPLE = ['anna', 'boris', 'cleo', 'dora_k'];
const [ANNA, BORIS, CLEO, DORA] = PEOPLE.map((name) => `${CYCLE}:${name}`) as [string, string, string, string];

const service = await testService();
const { world } = service;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

const now = () => world.clock.now();

/** An approved payday of 100.00, 200.00, 300.00 and 400.00. */
async function payday(cycle = CYCLE, people = PEOPLE): Promise<void> {
  for (const [index, accountId] of people.entries()) {
    await world.account(accountId, 'marketer');
    await earnedAsMarketer(world, accountId, (index + 1) * 10_000);
  }
  await world.travelTo(`${cycle}T09:00:00Z`);
  const { check, approve } = world.core.paydays.batchActs;
  await check(cycle, { actor: 'ops' }, now());
  expect(await approve(cycle, { actor: 'boss' }, now())).toMatchObject({ kind: 'done' });
}

beforeEach(async () => {
  faults.plan([]);
  await world.reset('2026-03-20T12:00:00Z');
  await payday();
});

const HEAD = 'payoutId,status,amount,currency,bankReference,reason';
const csv = (...rows: string[]) => Buffer.from([HEAD, ...rows].join('\n'));
const take = (bytes: Buffer, more: { cycle?: string; by?: string; how?: 'simulate' | 'draft' } = {}) =>
  world.core.bankResults.take(
    { cycle: more.cycle ?? CYCLE, bytes, ...(more.how === undefined ? {} : { how: more.how }) },
    more.by ?? 'olga',
    now(),
  );
const payouts = async (): Promise<Record<string, (string | null | undefined)[]>> =>
  Object.fromEntries(
    await Promise.all(
      [ANNA, BORIS, CLEO, DORA].map(async (id) => {
        const payout = await world.core.affiliates.payouts.get(id);
        const { status, reference, reason, returned } = payout ?? {};
        return [id.slice(11), [returned ? 'returned' : status, reference ?? reason ?? returned?.reason ?? null]];
      }),
    ),
  );
const statuses = async () => Object.values(await payouts()).map(([status]) => status);
const everything = async () => {
  const collections = await world.connection.listCollections();
  const counts = await Promise.all(
    collections.map(async ({ name }) => [name, await world.collection(name).countDocuments({})]),
  );
  return Object.fromEntries(counts.filter(([name]) => name !== 'payout_result_drafts'));
};
const resultOf = (outcome: TakeOutcome | null) => (outcome !== null && 'result' in outcome ? outcome.result : null);

/** Pays Anna and Dora, by her reference, and fails Boris. */
const MIXED = csv(
  `${ANNA},paid,100.00,USD,TX1,`,
  `${BORIS},failed,200.00,USD,,AC04 closed`,
  `${payoutReference(DORA)},paid,400.00,USD,TX4,`,
);

describe('a file', () => {
  deepTest('settles and fails many at once, and says what is open', async () => {
    expect(await take(MIXED)).toMatchObject({
      kind: 'taken',
      result: {
        ...{ settle: { count: 2, total: 50_000 }, fail: { count: 1, total: 20_000 }, differenceCount: 0 },
        ...{ open: { count: 1, total: 30_000 }, missed: [], by: 'olga' },
      },
    });
    expect(await payouts()).toEqual({
      ...{ anna: ['paid', 'TX1'], boris: ['failed', 'AC04 closed'], cleo: ['due', null], dora_k: ['paid', 'TX4'] },
    });
    const types = await world.connection
      .collection('outgoing_webhooks')
      .find({ type: { $in: ['payout.settled', 'payout.failed'] } })
      .toArray();
    expect(types.map(({ type }) => type).sort()).toEqual(['payout.failed', 'payout.settled', 'payout.settled']);
    expect((await world.core.audit.list({ subject: `cycle:${CYCLE}`, limit: 1 })).items).toMatchObject([
      { actor: 'olga', action: 'payout_result.taken', after: { settle: { count: 2, total: 50_000 }, differences: 0 } },
    ]);
    expect(await differencesOf(world)).toEqual([]);
  });

  it('is taken once: again, it says so and changes nothing', async () => {
    const first = await take(MIXED);
    const before = await everything();
    world.pin('2026-04-02T09:00:00Z');
    expect(await take(MIXED, { by: 'pavel' })).toEqual({ kind: 'taken-before', result: resultOf(first) });
    expect(await everything()).toEqual(before);
  });

  deepTest('is taken once by two managers at once', async () => {
    const outcomes = await Promise.all(['olga', 'pavel', 'rita'].map((by) => take(MIXED, { by })));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['taken', 'taken-before', 'taken-before']);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(resultOf(outcome)))).size).toBe(1);
    expect(await world.core.bankResults.ofCycle(CYCLE)).toHaveLength(1);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('lists what differs, leaves that alone, and does the rest', async () => {
    const file = csv(
      `${ANNA},paid,100.01,USD,TX1,`,
      `${BORIS},paid,200.00,USD,TX2,`,
      '2026-04-01:nobody,paid,1.00,USD,,',
      'Rent Jane Doe,paid,1.00,USD,,',
    );
    expect(resultOf(await take(file))).toMatchObject({
      settle: { count: 1, total: 20_000 },
      differenceCount: 3,
      listed: [
        { line: 2, kind: 'amount', payoutId: ANNA, expected: 10_000, given: 10_001 },
        { line: 4, kind: 'unknown', reference: '2026-04-01:nobody' },
        { line: 5, kind: 'unknown', reference: null },
      ],
    });
    expect(await payouts()).toMatchObject({ anna: ['due', null], boris: ['paid', 'TX2'] });
  });

  deepTest('of another cycle is refused whole, with that cycle; and one of nothing of ours', async () => {
    await payday(NEXT);
    expect(await take(csv(`${ANNA},paid,100.00,USD,,`), { cycle: NEXT })).toEqual({
      kind: 'wrong-cycle',
      cycle: CYCLE,
    });
    expect(await take(csv(`${payoutReference(DORA)},paid,400.00,USD,,`), { cycle: NEXT })).toMatchObject({
      kind: 'wrong-cycle',
    });
    expect(await take(csv('rent,paid,1.00,USD,,'))).toMatchObject({ kind: 'unreadable' });
    expect(await world.core.bankResults.ofCycle(NEXT)).toEqual([]);
  });

  deepTest('gives back what came back after it was paid', async () => {
    await take(MIXED);
    const returned = await take(csv(`${ANNA},returned,100.00,USD,,AC01 wrong account`, `${CLEO},returned,,,,x`));
    expect(resultOf(returned)).toMatchObject({ return: { count: 1, total: 10_000 }, fail: { count: 1 } });
    expect(await payouts()).toMatchObject({ anna: ['returned', 'TX1'], cleo: ['failed', 'x'] });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('that was asked about is taken as it was asked, whatever has become of a payout since', async () => {
    const asked = resultOf(await take(MIXED, { how: 'draft' }));
    expect(await payouts()).toMatchObject({ anna: ['due', null] });
    await world.core.affiliates.payouts.act(ANNA, 'fail', { actor: 'x' }, now());
    const taken = await world.core.bankResults.takeDraft(asked?.decision ?? '', 'olga', now());
    expect(taken).toMatchObject({ kind: 'taken', result: { decision: asked?.decision, missed: [ANNA] } });
    expect(await world.core.bankResults.takeDraft('f'.repeat(64), 'olga', now())).toBeNull();
    expect(await differencesOf(world)).toEqual([]);
  });
});

deepTest('is refused before the batch is approved', async () => {
  await earnedAsMarketer(world, 'anna', 5_000);
  await world.travelTo(`${NEXT}T09:00:00Z`);
  expect(await take(MIXED, { cycle: NEXT })).toMatchObject({ kind: 'refused', reason: 'batch_not_approved' });
  expect(await take(MIXED, { cycle: '2027-01-01' })).toEqual({ kind: 'not-found' });
});

describe('by the API', () => {
  const post = (body: Buffer, query = '', type = 'text/csv') =>
    service.app().request(`/v1/payout-cycles/${CYCLE}/results${query}`, {
      ...{ method: 'POST', body: new Uint8Array(body) },
      headers: { ...bearer(), 'content-type': type },
    });

  deepTest('simulates, takes, says that it was taken, and lists', async () => {
    const before = await everything();
    const simulated = await post(MIXED, '?simulate=true');
    expect([simulated.status, await simulated.json()]).toMatchObject([
      200,
      { simulated: true, settled: { count: 2, total: 50_000 }, takenBefore: null },
    ]);
    expect(await everything()).toEqual(before);
    expect(await (await post(MIXED)).json()).toMatchObject({ failed: { count: 1, total: 20_000 }, takenBefore: null });
    expect(await (await post(MIXED)).json()).toMatchObject({ failed: { count: 1 }, takenBefore: { by: 'ops' } });
    const listed = await service.app().request(`/v1/payout-cycles/${CYCLE}/results`, { headers: bearer() });
    expect(await listed.json()).toMatchObject({ items: [{ by: 'ops', format: 'generic', differences: [] }] });
  });

  deepTest('refuses what cannot be read, line by line, and what is too large or no file', async () => {
    const faulty = await post(csv(`${ANNA},paid,one,USD,,`, `${BORIS},gone,1,USD,,`));
    expect([faulty.status, await faulty.json()]).toMatchObject([
      422,
      { errors: [{ path: 'line 2' }, { path: 'line 3' }] },
    ]);
    expect((await post(MIXED, '', 'application/json')).status).toBe(415);
    expect((await post(Buffer.alloc(16 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await post(Buffer.alloc(0))).status).toBe(400);
  });
});

/** So many more of whom a file says the same that they are changed together. */
const CROWD = Array.from({ length: 10 }, (_, index) => `crowd${index}`);
const crowdFile = csv(
  ...CROWD.map((name) => `${CYCLE}:${name},paid,,,,`),
  `${ANNA},paid,,,TX1,`,
  `${BORIS},failed,,,,AC04`,
);

deepTest(
  'says the same of many and something else of others: each becomes what is said of it, and nobody else anything',
  async () => {
    await world.reset('2026-03-20T12:00:00Z');
    await payday(CYCLE, [...PEOPLE, ...CROWD]);
    await world.core.affiliates.payouts.act(`${CYCLE}:crowd0`, 'settle', { actor: 'ops', reference: 'BY-HAND' }, now());
    expect(resultOf(await take(crowdFile))).toMatchObject({ settle: { count: 10 }, fail: { count: 1 }, already: 1 });
    expect(await crowd()).toEqual([['paid', 'BY-HAND'], ...CROWD.slice(1).map(() => ['paid', null])]);
    expect(await payouts()).toEqual({
      ...{ anna: ['paid', 'TX1'], boris: ['failed', 'AC04'], cleo: ['due', null], dora_k: ['due', null] },
    });
    expect(await differencesOf(world)).toEqual([]);
  },
);

function crowd() {
  return Promise.all(
    CROWD.map(async (name) => {
      const payout = await world.core.affiliates.payouts.get(`${CYCLE}:${name}`);
      return [payout?.status, payout?.reference ?? null];
    }),
  );
}

deepTest.each(['before', 'half', 'after'] as const)(
  'killed %s any write, what is left is done by itself',
  { timeout: 120_000 },
  async (kind) => {
    const writes = await atEachWrite(async (write) => {
      await world.reset('2026-03-20T12:00:00Z');
      await payday(CYCLE, [...PEOPLE, ...CROWD]);
      await take(csv(`${CLEO},paid,300.00,USD,,`));
      const alike = CROWD.map((name) => `${CYCLE}:${name},paid,,,,`);
      const file = csv(...MIXED.toString().split('\n').slice(1), `${CLEO},returned,300.00,USD,,AC01`, ...alike);
      faults.plan([{ after: write, kind }]);
      await take(file).catch(() => {});
      const { dead, writes: count } = faults;
      faults.plan([]);
      if (dead) await faults.restart(world.restart);
      await world.core.bankResults.repair();
      for (const { finish, find } of world.core.affiliates.unfinished) {
        await finish(
          (await find(100)).map(({ id }) => id),
          now(),
        );
      }
      const all = await statuses();
      expect([
        ['due', 'due', 'paid', 'due'],
        ['paid', 'failed', 'returned', 'paid'],
      ]).toContainEqual(all);
      // Whoever hands it in again gets it done, or hears that it was.
      await take(file);
      expect(await statuses()).toEqual(['paid', 'failed', 'returned', 'paid']);
      expect(await crowd()).toEqual(CROWD.map(() => ['paid', null]));
      expect(await differencesOf(world)).toEqual([]);
      return count;
    });
    expect(writes).toBeGreaterThan(8);
  },
);

deepTest('is compared with the payouts and the audit trail', async () => {
  await take(MIXED);
  await world.collection('payouts').updateOne({ _id: ANNA }, { $set: { status: 'due' } });
  expect((await differencesOf(world)).join('\n')).toMatch(
    /payout_results\/.* says paid of 2026-04-01:anna, which is due/,
  );
  await world.collection('payouts').updateOne({ _id: ANNA }, { $set: { status: 'paid' } });
  await world.collection('payout_results').updateMany({}, { $set: { 'settle.total': 1 } });
  expect((await differencesOf(world)).join('\n')).toMatch(/payout_results\/.*: settle is .*total: 1/);
  await world.collection('payout_results').deleteMany({});
  expect((await differencesOf(world)).join('\n')).toMatch(/payout_results\/.* is missing: olga took it/);
});
