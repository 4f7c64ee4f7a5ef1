import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hasItsHash } from '../../src/inbox/bodies.ts';
import type { StoredEvent } from '../../src/inbox/store.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, throwIt, type World } from '../support/world.ts';
import { dumpOf, foundIn } from './dump.ts';

const START = '2026-03-02T09:00:00Z';

let world: World;
beforeAll(async () => {
  world = await createWorld({ startsAt: START, environment: PLATFORM, onError: throwIt });
});
afterAll(() => world.close());
beforeEach(() => world.reset(START));

async function erase(accountId: string) {
  const outcome = await world.core.erasures.request(accountId, 'ops');
  await world.travelTo(world.clock.now());
  return outcome;
}

describe('an erasure is refused', () => {
  it('for somebody who is not known', async () => {
    expect(await erase('nobody')).toEqual({ kind: 'not-found' });
  });

  it('while money or work is open, and says which', async () => {
    await world.send(
      tell.account('ava', 'model'),
      tell.account('kim', 'marketer'),
      tell.account('olga', 'affiliate'),
      tell.campaign('A', 'ava', 'kim', 4_000),
      tell.topUp('t', 'ava', 700),
      tell.payment('p', 1_000, START, { campaignId: 'A' }),
      tell.order('o', { modelId: 'ava', marketerId: 'kim', placedAt: START }),
    );
    await world.issue('ava', '2026-W08');
    expect(await erase('ava')).toEqual({
      kind: 'refused',
      open: [
        { kind: 'balance', account: 'model:ava', amount: 700 },
        { kind: 'invoices', count: 1 },
        { kind: 'transactions', count: 1 },
        { kind: 'orders', count: 1 },
      ],
    });
    expect(await erase('kim')).toEqual({ kind: 'refused', open: [{ kind: 'orders', count: 1 }] });
    expect(await world.core.accounts.get('ava')).toMatchObject({ name: 'ava' });
  });

  deepTest('while an event about the account is pending', async () => {
    await world.send(tell.account('olga', 'affiliate'), tell.topUp('t', 'olga', 100));
    expect(await erase('olga')).toEqual({ kind: 'refused', open: [{ kind: 'events', eventIds: ['topup-t'] }] });
    await world.core.inbox.dismiss('topup-t', { by: 'ops', reason: 'a mistake' });
    expect(await erase('olga')).toMatchObject({ kind: 'requested' });
  });
});

describe('after an erasure', () => {
  beforeEach(async () => {
    await world.send(tell.account('ava', 'model', { name: 'Ava Sommer' }));
    await world.link('ava', 'telegram', 4_711);
    await erase('ava');
  });

  deepTest(
    'its events say that they are erased, are no new ones when they come again, and are not tried again',
    async () => {
      expect(await world.core.inbox.get('account-ava')).toMatchObject({ status: 'applied', data: null, erased: true });
      expect(await world.receive(tell.account('ava', 'model', { name: 'Ava Sommer' }))).toEqual(['duplicate']);
      expect(await world.receive(tell.account('ava', 'model', { name: 'Somebody else' }))).toEqual(['duplicate']);
      expect(await world.core.inbox.replay('account-ava')).toMatchObject({ kind: 'refused', reason: 'event_erased' });
    },
  );

  deepTest('what is stored of a body is still known to be what came in', async () => {
    const event = (await world.connection
      .collection<StoredEvent>('events')
      .findOne({ _id: 'account-ava' })) as StoredEvent;
    expect(hasItsHash(event)).toBe(true);
    expect(hasItsHash({ ...event, hash: 'another' })).toBe(false);
    expect(hasItsHash({ hash: event.hash })).toBeNull();
  });

  deepTest(
    'a later version of the account is quarantined, and goes when it is dismissed and the account erased again',
    async () => {
      const at = '2026-03-01T00:00:00Z';
      await world.send(tell.account('ava', 'model', { id: 'later', at, name: 'Ava Winter' }));
      expect(await world.core.inbox.get('later')).toMatchObject({
        status: 'quarantined',
        error: 'ava is erased, and stays so',
      });
      expect(await world.core.accounts.get('ava')).toMatchObject({ name: 'erased account' });
      expect(await erase('ava')).toMatchObject({ kind: 'refused' });
      await world.core.inbox.dismiss('later', { by: 'ops', reason: 'erased' });
      expect(await erase('ava')).toMatchObject({ kind: 'requested' });
      expect(await world.core.inbox.get('later')).toMatchObject({ status: 'ignored', data: null, erased: true });
      expect(foundIn(await dumpOf(world.connection), ['Winter', 'Sommer'])).toEqual([]);
    },
  );

  deepTest('money still counts, and can be read', async () => {
    await world.send(tell.topUp('late', 'ava', 500));
    expect(await world.core.ledger.balance('model:ava')).toBe(500);
    expect(await world.core.inbox.get('topup-late')).toMatchObject({ status: 'applied', erased: false });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('nobody is linked to it, is told anything, or counts as out of reach', async () => {
    expect(await world.core.accounts.createLinkCode('ava', world.clock.now())).toBeNull();
    await world.issue('ava', '2026-W08');
    await world.travelTo('2026-03-10T09:00:00Z');
    expect(await world.core.noticeStore.countDocuments({ accountId: 'ava' })).toBe(0);
    expect(await world.core.accounts.unreachedAccounts(10)).toEqual({ accountIds: [], count: 0 });
    expect(JSON.stringify((await world.core.outgoing.list({ limit: 100 })).items)).not.toContain('account.unreachable');
  });
});
