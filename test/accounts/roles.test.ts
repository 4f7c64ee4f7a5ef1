import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Role } from '../../src/events/catalogue.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld } from '../support/world.ts';

/** Who has which role: the platform's word by its date, and the owner's against it. */

const START = '2026-03-02T10:00:00Z';
const world = await createWorld({ startsAt: START });
beforeEach(() => world.reset(START));
afterEach(() => expect(world.errors).toEqual([]));
afterAll(world.close);

const roleOf = async (accountId: string) => (await world.core.accounts.get(accountId))?.role;
const said = (role: string, at: string, id = `${role}-${at}`) => tell.account('mia', role, { id, at });
const decide = (role: Role | null, by = 'owner') =>
  world.core.accounts.decideRole('mia', role, { by, reason: 'she left', at: world.clock.now() });

/** What managers are told of managers, and of which: `boss: mia is one`. */
async function told(): Promise<string[]> {
  const all = await outboxOf(world.collection, { 'content.kind': 'manager.appointed' });
  return all.map(({ accountId, content }) => {
    const { accountId: who, isManager } = (content as unknown as { data: { accountId: string; isManager: boolean } })
      .data;
    return `${accountId}: ${who} is ${isManager ? 'one' : 'none'}`;
  });
}

async function boss(accountId = 'boss', user = '1'): Promise<void> {
  await world.account(accountId, 'manager');
  await world.link(accountId, 'telegram', user);
}

describe('a version that is dated ahead', () => {
  it('holds up to five minutes, and beyond is quarantined with what to do', async () => {
    await world.send(said('model', START), said('marketer', '2026-03-02T10:05:00Z'));
    expect(await roleOf('mia')).toBe('marketer');
    await world.send(
      said('manager', '2026-03-02T10:05:00.001Z', 'ahead'),
      said('manager', '9999-12-31T00:00:00Z', 'far'),
    );
    expect(await roleOf('mia')).toBe('marketer');
    expect(await world.core.inbox.get('ahead')).toMatchObject({
      status: 'quarantined',
      error: expect.stringContaining('more than 5 minutes after it came at 2026-03-02T10:00:00.000Z'),
    });
    await world.send(said('affiliate', '2026-03-02T10:05:00Z', 'z'));
    expect(await roleOf('mia')).toBe('affiliate');
  });

  it('is judged anew by the clock at a replay, also a moved one', async () => {
    await world.send(said('model', START), said('marketer', '2026-04-01T00:00:00Z', 'ahead'));
    await world.core.inbox.replay('ahead');
    await world.drain();
    expect(await world.core.inbox.get('ahead')).toMatchObject({ status: 'quarantined' });
    await world.travelTo('2026-04-01T00:00:00Z');
    await world.core.inbox.replay('ahead');
    await world.drain();
    expect(await world.core.inbox.get('ahead')).toMatchObject({ status: 'applied', error: null });
    expect(await roleOf('mia')).toBe('marketer');
  });

  it('is an account that is not known yet: what refers to it waits', async () => {
    await world.send(said('model', '9999-01-01T00:00:00Z', 'far'), tell.topUp('t', 'mia', 100));
    expect(await world.core.inbox.get('topup-t')).toMatchObject({ status: 'waiting' });
    await world.send(said('model', START));
    expect(await world.core.inbox.get('topup-t')).toMatchObject({ status: 'applied' });
  });
});

describe("the owner's decision", () => {
  it('holds against every version, also one dated 9999 from before, until it is released', async () => {
    await world.core.accounts.applyUpdates([
      {
        eventId: 'old',
        timestamp: new Date('9999-12-31T00:00:00Z'),
        data: { accountId: 'mia', role: 'manager', name: 'Mia' },
      },
    ]);
    expect(await decide('model')).toEqual({ kind: 'decided', role: 'model', decided: true });
    await world.send(said('manager', '2026-03-02T10:04:00Z'), said('affiliate', START));
    expect(await roleOf('mia')).toBe('model');
    expect([...(await world.core.accounts.existing(['mia'], 'model'))]).toEqual(['mia']);
    expect(await world.core.accounts.idsOfRole('manager')).toEqual([]);
    expect(await decide(null)).toEqual({ kind: 'decided', role: 'manager', decided: false });
    expect(await decide(null)).toEqual({ kind: 'not-decided', role: 'manager' });
  });

  it('leaves what else the platform says, by its date', async () => {
    await world.send(said('manager', START));
    await decide('model');
    await world.send(tell.account('mia', 'manager', { id: 'named', at: '2026-03-02T10:01:00Z', name: '$role' }));
    expect(await world.core.accounts.get('mia')).toMatchObject({ role: 'model', name: '$role' });
    await decide(null);
    expect(await world.core.accounts.get('mia')).toMatchObject({ role: 'manager', name: '$role' });
  });

  it('is in the audit trail, once; the same again changes nothing', async () => {
    await world.send(said('manager', START));
    const both = await Promise.all([decide('model'), decide('model')]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['decided', 'unchanged']);
    await decide(null);
    const { items } = await world.core.audit.list({ subject: 'account:mia', limit: 10 });
    expect(items.reverse()).toMatchObject([
      {
        ...{ actor: 'owner', action: 'role.decided', reason: 'she left' },
        ...{ before: { role: 'manager' }, after: { role: 'model' } },
      },
      { action: 'role.released', before: { role: 'model' }, after: { role: null } },
    ]);
    expect(await world.core.accounts.decideRole('nobody', 'model', { by: 'o', reason: 'r', at: new Date() })).toEqual({
      kind: 'not-found',
    });
  });

  it('lets a top-up take effect that waited for a model', async () => {
    await world.send(said('marketer', START), tell.topUp('t', 'mia', 100));
    expect(await world.core.inbox.get('topup-t')).toMatchObject({ status: 'quarantined' });
    await decide('model');
    await world.drain();
    expect(await world.core.ledger.balance('model:mia')).toBe(100);
  });

  it('is finished after a crash right after it was stored', async () => {
    await boss();
    await world.send(said('manager', START));
    const stored = { accountId: 'mia', number: 1, role: 'model', by: 'owner', reason: 'she left', at: new Date(START) };
    await world.connection
      .collection<{ _id: string }>('role_decisions')
      .insertOne({ _id: 'mia#1', ...stored, ...{ effectsPending: true } });
    await world.core.accounts.repairRoles();
    await world.core.accounts.repairRoles();
    expect(await roleOf('mia')).toBe('model');
    expect(await told()).toEqual(['boss: mia is one', 'boss: mia is none']);
    expect((await world.core.audit.list({ subject: 'account:mia', limit: 10 })).items).toHaveLength(1);
  });
});

describe('the managers', () => {
  it('are told of each new one and of each that is none any more, by event and by decision, once', async () => {
    await boss();
    await world.send(said('model', START));
    const appointed = said('manager', '2026-03-02T10:01:00Z');
    await world.send(appointed);
    await world.core.inbox.replay(appointed.id);
    await world.drain();
    expect(await told()).toEqual(['boss: mia is one']);
    await world.send(said('model', '2026-03-02T10:02:00Z'));
    await decide('manager');
    await world.send(said('model', '2026-03-02T10:03:00Z'));
    await decide(null);
    expect(await told()).toEqual([
      ...['boss: mia is one', 'boss: mia is none', 'boss: mia is one', 'boss: mia is none'],
    ]);
    const notices = await noticesAndWaiting(world.core, 'boss', 'manager.appointed');
    expect(notices.map(({ content }) => (content as { data: { by: string } }).data.by)).toEqual([
      "the platform's event manager-2026-03-02T10:01:00Z",
      "the platform's event model-2026-03-02T10:02:00Z",
      ...['owner: she left', 'owner: she left'],
    ]);
  });

  it('are told of what a later version of an old manager does not change, not at all', async () => {
    await boss();
    await world.send(said('manager', START));
    await world.send(tell.account('mia', 'manager', { id: 'renamed', at: '2026-03-02T10:01:00Z', name: 'Mia M.' }));
    expect(await told()).toEqual(['boss: mia is one']);
  });

  deepTest('are told of many at once in one message, and a new one of itself in none', async () => {
    await boss();
    await boss('second', '2');
    await world.send(...Array.from({ length: 30 }, (_, n) => tell.account(`new${n}`, 'manager', { id: `new-${n}` })));
    const all = await world.core.noticeStore.find({ 'content.data.of': 'manager.appointed' }).toArray();
    expect(all.map(({ accountId }) => accountId).sort()).toEqual(['boss', 'second']);
    expect(all.map(({ content }) => (content as { data: { count?: number } }).data.count)).toEqual([30, 30]);
  });
});

describe('a link code', () => {
  const at = () => world.clock.now();
  const link = (code = '', user = '7') =>
    world.core.accounts.link(code, { channel: 'telegram', userId: user, chatId: user }, at());

  it('makes the one before worthless; of two made at once one is live', async () => {
    await world.account('mia', 'model');
    const first = await world.core.accounts.createLinkCode('mia', at());
    const codes = await Promise.all(Array.from({ length: 8 }, () => world.core.accounts.createLinkCode('mia', at())));
    expect(await link(first?.code)).toEqual({ kind: 'invalid-code' });
    const outcomes = [];
    for (const [index, made] of codes.entries()) outcomes.push((await link(made?.code, `u${index}`)).kind);
    expect(outcomes.filter((kind) => kind === 'linked')).toHaveLength(1);
  });

  it("that is not the owner's links no manager, also who has become one since", async () => {
    await world.account('mia', 'model');
    const made = await world.core.accounts.createLinkCode('mia', at(), { byOwner: false });
    await world.account('mia', 'manager');
    expect(await link(made?.code)).toEqual({ kind: 'invalid-code' });
    const owners = await world.core.accounts.createLinkCode('mia', at(), { byOwner: true });
    expect(await link(owners?.code)).toMatchObject({ kind: 'linked' });
  });
});
