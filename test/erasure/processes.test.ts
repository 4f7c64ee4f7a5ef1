import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { NotYet } from '../../src/events/handler.ts';
import { createKeyring } from '../../src/privacy/keyring.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, throwIt, type World } from '../support/world.ts';
import { differencesOf } from './differences.ts';

const START = '2026-03-02T09:00:00Z';
const HOUR_MS = 3_600_000;

let world: World;
beforeAll(async () => {
  world = await createWorld({
    ...{ startsAt: START, environment: PLATFORM, processes: 2, erasureSettleMs: HOUR_MS, onError: throwIt },
  });
});
afterAll(() => world.close());
beforeEach(() => world.reset(START));

/** The other processes have had the time that they take to notice. */
async function letNotice(accountId: string): Promise<void> {
  const longAgo = { $dateSubtract: { startDate: '$announcedAt', unit: 'hour' as const, amount: 2 } };
  await world.collection('erasures').updateOne({ _id: accountId }, [{ $set: { announcedAt: longAgo } }]);
}

describe('two processes', () => {
  deepTest(
    'an erasure waits until the other one has noticed; what that one stores meanwhile has its effect',
    async () => {
      const [one, other] = world.processes;
      await world.send(tell.account('ava', 'model', { name: 'Ava Sommer' }));
      await world.send(tell.topUp('a', 'ava', 100), tell.topUp('b', 'ava', 100));
      await world.core.ledger.take({
        ...{ entryId: 'out', book: 'model:ava', effectiveAt: world.clock.now() },
        postings: [
          { account: 'model:ava', amount: -200 },
          { account: 'world:topups', amount: 200 },
        ],
      });
      expect(await one?.erasures.request('ava', 'ops')).toMatchObject({ kind: 'requested' });
      await expect(one?.erasures.run()).rejects.toThrow(NotYet);

      // The other process still has the old secret in its memory, and stores with it.
      await world.receive(tell.topUp('c', 'ava', 300), tell.topUp('d', 'ava', 400));
      await letNotice('ava');
      expect(await other?.erasures.nextDue()).toBeNull();
      expect(await one?.erasures.get('ava')).toMatchObject({ status: 'erasing', waitsFor: ['topup-c', 'topup-d'] });

      await world.drain();
      expect(await world.core.ledger.balance('model:ava')).toBe(700);
      await other?.erasures.run();
      expect(await one?.erasures.get('ava')).toMatchObject({ status: 'erased', waitsFor: [] });
      expect(await other?.inbox.get('account-ava')).toMatchObject({ data: null, erased: true });
      expect(await differencesOf(world)).toEqual([]);
    },
  );
});

describe('a process that froze over the end of a secret', () => {
  it('has stored an event that nobody can read: it is taken anew when it comes again', async () => {
    await world.send(tell.account('ava', 'model'));
    const topUp = tell.topUp('t', 'ava', 500);
    await world.receive(topUp);
    // What it stored with a secret that is gone.
    await world.collection('events').updateOne({ _id: topUp.id }, { $set: { keys: ['gone', 'gone'] } });
    await world.drain();
    expect(await world.core.inbox.get(topUp.id)).toMatchObject({ status: 'quarantined', erased: true });

    expect(await world.receive(topUp)).toEqual(['accepted']);
    await world.core.inbox.replay(topUp.id);
    await world.drain();
    expect(await world.core.inbox.get(topUp.id)).toMatchObject({ status: 'applied', erased: false });
    expect(await world.core.ledger.balance('model:ava')).toBe(500);
  });
});

describe('a keyring', () => {
  it('that has not noticed yet that a secret was replaced reads what was written with the next', async () => {
    const [one, other] = [createKeyring(world.connection), createKeyring(world.connection)];
    await other.hold(['account:new']);
    await one.replace('account:new');
    const { data, keys } = (await one.hold(['account:new'])).encrypt(['account:new'], 'here', 'hello');
    const held = await other.holdFor([{ owners: ['account:new'], keys }]);
    expect(held.decrypt(['account:new'], 'here', { data, keys })).toEqual({ text: 'hello' });
  });

  it('of two that make the secret of one account at once, both have the same', async () => {
    const [one, other] = [createKeyring(world.connection), createKeyring(world.connection)];
    const [mine, theirs] = await Promise.all([one.hold(['account:new']), other.hold(['account:new'])]);
    const text = mine.encrypt(['account:new'], 'here', 'hello');
    expect(theirs.decrypt(['account:new'], 'here', text)).toEqual({ text: 'hello' });
    expect(theirs.decrypt(['account:new'], 'there', text)).toBeNull();
  });

  it('reads what was written with the old secret until that is deleted, and then only what was written since', async () => {
    const keyring = createKeyring(world.connection);
    const old = (await keyring.hold(['account:a'])).encrypt(['account:a'], 'here', 'old');
    await keyring.replace('account:a');
    const since = (await keyring.hold(['account:a'])).encrypt(['account:a'], 'here', 'new');
    expect((await keyring.hold(['account:a'])).decrypt(['account:a'], 'here', old)).toEqual({ text: 'old' });
    await keyring.shred('account:a');
    // As a process reads that remembers nothing.
    const fresh = await createKeyring(world.connection).hold(['account:a'], 'read');
    expect(fresh.decrypt(['account:a'], 'here', old)).toBe('erased');
    expect(fresh.decrypt(['account:a'], 'here', since)).toEqual({ text: 'new' });
  });
});
