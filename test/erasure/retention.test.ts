import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, throwIt, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  const environment = { ...PLATFORM, RETENTION_DAYS: '2' };
  world = await createWorld({ startsAt: '2026-03-02T23:00:00Z', environment, onError: throwIt });
});
afterAll(() => world.close());

const isErased = async (id: string) => (await world.core.inbox.get(id))?.erased;

deepTest(
  'bodies are read for so many days after their own, and longer while an event of that day is pending',
  async () => {
    await world.send(tell.account('ava', 'model'), tell.topUp('t', 'ava', 500), tell.topUp('early', 'bea', 100));
    await world.travelTo('2026-03-03T09:00:00Z');
    await world.send(tell.account('kim', 'marketer'));

    await world.travelTo('2026-03-05T23:59:59Z');
    expect(await isErased('account-kim')).toBe(false);
    // One of the second of March still waits for its account.
    expect(await world.core.inbox.get('topup-early')).toMatchObject({ status: 'waiting', erased: false });
    expect(await isErased('topup-t')).toBe(false);

    const ran = await world.travelTo('2026-03-06T00:00:00Z');
    expect(ran.filter(({ job }) => job === 'end-retention')).toEqual([
      { job: 'end-retention', at: new Date('2026-03-06T00:00:00Z') },
    ]);
    expect(await isErased('account-kim')).toBe(true);
    expect(await isErased('topup-t')).toBe(false);

    await world.send(tell.account('bea', 'model'));
    await world.travelTo('2026-03-06T01:00:00Z');
    expect(await isErased('topup-t')).toBe(true);
    expect(await world.core.inbox.get('topup-early')).toMatchObject({ status: 'applied', erased: true, data: null });
    expect(await world.core.ledger.balance('model:bea')).toBe(100);
    expect(await isErased('account-bea')).toBe(false);
    expect(await world.core.accounts.get('ava')).toMatchObject({ name: 'ava' });
    expect(await world.core.verify()).toEqual([]);
  },
);
