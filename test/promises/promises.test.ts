import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buttonOf, createLateWorld, type LateWorld, labels, text } from '../commands/world.ts';

const POLICY = { promises: { enabled: true } };
let world: LateWorld;
let boss: Awaited<ReturnType<LateWorld['person']>>;
let count = 0;

beforeAll(async () => {
  world = await createLateWorld('2026-03-09T06:00:00Z', {}, POLICY);
  boss = await world.person('boss', 'manager');
});
afterAll(() => world.close());

/** A model of its own with an invoice over $41.08 that went overdue on Thu 12 Mar, 06:00, unless told otherwise. */
async function model(total = 4_108, week = '2026-W10') {
  count += 1;
  const id = `model${String(count).padStart(3, '0')}`;
  const person = await world.person(id, 'model', { name: `Model ${count}` });
  return { ...person, id, invoice: await world.issue(id, week, total) };
}

const standing = (id: string) => world.core.standing.standings.standing(id, world.clock.now());
const trust = (id: string) => world.core.standing.standings.trust(id, world.clock.now());
const balance = (account: string) => world.core.ledger.balance(account);
const told = async (id: string) =>
  (await world.webhooks())
    .filter(({ subject }) => subject === `model:${id}`)
    .map(({ type }) => type)
    .reverse();

/** On, tick by tick: promises and dunning. */
async function moveTo(at: string) {
  await world.travelTo(at);
}

describe('a promise', () => {
  it('is offered when the invoice goes overdue, binds by one press, and holds back what is imposed until it is kept', async () => {
    const anna = await model();
    await moveTo('2026-03-12T09:00:00Z');
    expect(await standing(anna.id)).toMatchObject({ campaigns: 'paused', trustScore: 40 });
    const made = await anna.press(await anna.type(`/promise ${anna.invoice}`), 'Promise to pay by Sat 14 Mar');
    expect(text(made)).toContain('Promised: $41.08 — week 2–8 Mar\nPay by Sat 14 Mar 2026, 23:59 (UTC)');
    expect(await standing(anna.id)).toMatchObject({ campaigns: 'running', cplOrders: 'allowed', trustScore: 40 });
    expect(text(await anna.type(`/promise ${anna.invoice} 2026-03-13`))).toContain('Promised already: $41.08');
    await moveTo('2026-03-14T10:00:00Z');
    await world.topUp(anna.id, 4_108);
    await anna.confirm(await anna.type(`/pay ${anna.invoice}`).then(async (m) => (labels(m).some((l) => l.startsWith('Pay')) ? m : m)).catch(() => made)).catch(() => undefined);
    expect(await balance(`model:${anna.id}`)).toBe(0);
    expect(await standing(anna.id)).toMatchObject({ campaigns: 'running', trustScore: 41 });
    expect((await trust(anna.id)).map(({ cause, change }) => [cause, change])).toEqual([
      ['invoice-late', -10],
      ['promise-kept', 1],
    ]);
    expect(await told(anna.id)).toEqual([]);
  });
});

void buttonOf;
void boss;
