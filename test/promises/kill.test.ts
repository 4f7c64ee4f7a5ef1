import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { atEachWrite, deepTest, isSample, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { createPromiseWorld, type PromiseWorld, WEEK } from './world.ts';

/** A process dies at a write of a promise, or of what follows from it, and nobody asks again: the next one finishes it. */

const TOTAL = 4_000;
const FIRST = 1_000;
/** One for each attempt, and some that break their promises. */
const MODELS = isSample ? 6 : 160;
/** So many break their promises, and so many writes are between two kills of the tick that says so. */
const [BREAKERS, BETWEEN] = isSample ? [2, 60] : [5, 9];

let world: PromiseWorld;
let taken = 0;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createPromiseWorld();
  await world.begin(Object.fromEntries(Array.from({ length: MODELS }, (_, index) => [nameOf(index), TOTAL])));
}, 120_000);
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

function nameOf(index: number): string {
  return `m${String(index).padStart(3, '0')}`;
}

/** Does something that dies at its write number `write`; answers how many writes it came to. */
async function killedAt(write: number, kind: 'before' | 'after', work: () => Promise<unknown>): Promise<number> {
  faults.plan([{ after: write, kind }]);
  await work().catch(() => {});
  const { dead, writes } = faults;
  faults.plan([]);
  if (dead) await faults.restart(world.restart);
  await world.drain();
  await world.core.followUps.look();
  await world.core.followUps.stop();
  return writes;
}

/** Kills at every write, each time with a model of its own, that has the first part on its balance. */
async function atEveryWrite(
  kind: 'before' | 'after',
  prepare: (id: string) => Promise<() => Promise<unknown>>,
  check: (id: string) => Promise<void>,
): Promise<number> {
  return atEachWrite(async (write) => {
    const id = nameOf(taken);
    taken += 1;
    await world.pays(id, FIRST);
    const writes = await killedAt(write, kind, await prepare(id));
    await check(id);
    return writes;
  });
}

const now = () => world.clock.now();
const stateOf = async (id: string) => {
  const invoice = `${WEEK}:${id}`;
  const promise = (await world.core.promises.latestOf([invoice], now())).get(invoice);
  const status = (await world.core.invoicing.invoices.get(invoice, now()))?.status;
  const [held, balance] = [await world.balance(`held:${invoice}`), await world.balance(`model:${id}`)];
  return `${promise?.status ?? 'none'} ${status} ${held} ${balance}`;
};
const promisesTold = async (id: string) => (await world.told(id)).filter((type) => type.startsWith('promise.'));
const inParts = (id: string) => world.make(id, { inParts: true, until: { day: '2026-03-14' } });

describe.each(sampleOf(['before', 'after'] as const, 1))('killed %s any write', (kind) => {
  test('a promise in parts is made whole, or not at all', { timeout: 240_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => () => inParts(id),
      async (id) => {
        const state = await stateOf(id);
        expect(['none overdue 0 1000', 'running overdue 1000 0']).toContain(state);
        const { campaigns } = await world.standing(id);
        expect(campaigns).toBe(state.startsWith('running') ? 'running' : 'paused');
        expect(await promisesTold(id)).toEqual(state.startsWith('running') ? ['promise.made'] : []);
        expect(await inParts(id).then((outcome) => outcome.kind)).toMatch(/^(made|already-made)$/);
        expect(await stateOf(id)).toBe('running overdue 1000 0');
      },
    );
    expect(writes).toBeGreaterThan(6);
  });

  deepTest('the rest completes the invoice once, and the promise is kept', { timeout: 240_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await inParts(id);
        await world.receive(tell.topUp(`rest-${id}`, id, TOTAL - FIRST));
        return () => world.drain();
      },
      async (id) => {
        expect(await stateOf(id)).toBe('kept completed 0 0');
        expect(await promisesTold(id)).toEqual(['promise.made', 'promise.kept']);
        expect((await world.trust(id)).map((line) => line.split(' ')[0])).toEqual(['invoice-late', 'promise-kept']);
      },
    );
    expect(writes).toBeGreaterThan(6);
  });

  deepTest('a void gives the part back once', { timeout: 240_000 }, async () => {
    const { invoices } = world.core.invoicing;
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await inParts(id);
        return () => invoices.void(`${WEEK}:${id}`, { actor: 'ops', reason: 'wrong' }, now());
      },
      async (id) => {
        expect(['running overdue 1000 0', 'lapsed void 0 1000']).toContain(await stateOf(id));
        await world.core.invoicing.invoices.void(`${WEEK}:${id}`, { actor: 'ops', reason: 'wrong' }, now());
      },
    );
    expect(writes).toBeGreaterThan(6);
  });

  deepTest('a refusal ends it once', { timeout: 240_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await inParts(id);
        return () => world.core.promises.refuse(`${WEEK}:${id}`, { actor: 'ops', reason: 'no' }, now());
      },
      async (id) => {
        await world.core.promises.refuse(`${WEEK}:${id}`, { actor: 'ops', reason: 'no' }, now());
        expect(await stateOf(id)).toBe('refused overdue 1000 0');
        expect(await promisesTold(id)).toEqual(['promise.made', 'promise.refused']);
        expect(await world.standing(id)).toMatchObject({ campaigns: 'paused', trustScore: 40 });
      },
    );
    expect(writes).toBeGreaterThan(4);
  });
});

deepTest('the tick that breaks them all is killed, and each is broken once', { timeout: 240_000 }, async () => {
  const ids = Array.from({ length: BREAKERS }, (_, index) => nameOf(MODELS - 1 - index));
  for (const id of ids) await world.make(id, { inParts: false, until: { day: '2026-03-14' } });
  world.pin('2026-03-15T00:00:00Z');
  for (let write = 3; ; write += BETWEEN) {
    faults.plan([{ after: write, kind: 'after' }]);
    const broken = await world.core.promises.tick.run(now()).then(
      () => true,
      () => false,
    );
    faults.plan([]);
    if (!faults.dead) expect(broken).toBe(true);
    if (!faults.dead) break;
    await faults.restart(world.restart);
    await world.core.followUps.look();
    await world.core.followUps.stop();
  }
  for (const id of ids) {
    expect(await stateOf(id)).toBe('broken overdue 0 0');
    expect(await promisesTold(id)).toEqual(['promise.made', 'promise.broken']);
    expect(await world.standing(id)).toMatchObject({ campaigns: 'paused', trustScore: 35 });
  }
  await world.travelTo('2026-03-15T01:00:00Z');
  expect(await world.core.verify()).toEqual([]);
});
